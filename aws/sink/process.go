package sink

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"

	"github.com/samlcli/samlcli/aws"
)

// Process writes the one JSON object that an SDK expects of a credential_process.
type Process struct{ W io.Writer }

// Write writes the object and a line end.
func (p *Process) Write(_ context.Context, c aws.Credentials) error {
	expiration := ""
	if !c.Expires.IsZero() {
		expiration = stamp(c.Expires)
	}
	return writeJSON(p.W, struct {
		Version         int
		AccessKeyId     string
		SecretAccessKey string
		SessionToken    string
		Expiration      string `json:",omitempty"`
	}{1, c.AccessKeyID, c.SecretAccessKey.Reveal(), c.SessionToken.Reveal(), expiration})
}

// writeJSON writes v on one line, at once.
func writeJSON(w io.Writer, v any) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return err
	}
	return writeAll(w, b.Bytes())
}

func writeAll(w io.Writer, data []byte) error {
	if _, err := w.Write(data); err != nil {
		return fmt.Errorf("writing credentials: %w", err)
	}
	return nil
}
