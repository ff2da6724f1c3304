package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"github.com/samlcli/samlcli/idp/web"
	"github.com/samlcli/samlcli/internal/plain"
	"github.com/samlcli/samlcli/saml"
)

func (p *program) verifyCommand() *cli.Command {
	return &cli.Command{
		Name:  "verify",
		Usage: "check the SAML response's signature, and for what AWS would refuse it",
		Flags: slices.Concat(p.signInFlags, []cli.Flag{
			text("metadata", "check the signature with the provider's metadata in `FILE`, or at its address"),
			list("account-id", "a role of the AWS account `NUMBER` must be offered (repeatable)"),
			outputFlag(),
		}),
		Action: p.assertion((*settings).verify),
	}
}

// verdict is what is found out about a response.
type verdict struct {
	Signature signatureVerdict `json:"signature"`
	Problems  []problem        `json:"problems"`
}

// signatureVerdict says whether the signature holds.
type signatureVerdict struct {
	// State is valid (by the metadata), intact (by the certificate in the response, which anybody may have made), invalid, or
	// unchecked, for the reason that is given.
	State  string `json:"state"`
	Fault  string `json:"fault"`
	Reason string `json:"reason"`
	shownSignature
}

// problem is the JSON shape of one.
type problem struct {
	Code     string `json:"code"`
	What     string `json:"what"`
	Fix      string `json:"fix"`
	See      string `json:"see"`
	Doubtful bool   `json:"doubtful"`
}

// verdictError says that a response is not what it should be. The findings were printed.
type verdictError struct {
	code    int
	kind    string
	message string
}

func (e *verdictError) Error() string { return e.message }

func (s *settings) verify(ctx context.Context, r *saml.Response) error {
	metadata, err := s.metadata(ctx)
	if err != nil {
		return err
	}
	v := verdict{signatureOf(r, metadata), []problem{}}
	for _, found := range s.problems(r) {
		v.Problems = append(v.Problems, problem(found))
	}
	if err := s.printVerdict(v); err != nil {
		return err
	}
	return v.err(metadata != nil)
}

func (s *settings) problems(r *saml.Response) []saml.Problem {
	found := r.Problems(s.now(), s.ahead)
	for _, account := range s.commas("account-id") {
		if p, is := r.NotInAccount(account); is {
			found = append(found, p)
		}
	}
	return found
}

func signatureOf(r *saml.Response, metadata *saml.Metadata) signatureVerdict {
	state, check := "intact", r.Intact
	if metadata != nil {
		state, check = "valid", func() (saml.Signature, error) { return r.Verify(metadata) }
	}
	signature, err := check()
	if fault := (*saml.SignatureError)(nil); errors.As(err, &fault) {
		if state = "invalid"; fault.Fault == saml.Unsupported {
			state = "unchecked"
		}
		return signatureVerdict{State: state, Fault: string(fault.Fault), Reason: fault.Reason}
	}
	return signatureVerdict{State: state, shownSignature: shapeOf(signature)}
}

// err tells a signature that does not hold from a response that is genuine and of no use.
func (v verdict) err(mustHold bool) error {
	s := v.Signature
	if s.State == "invalid" || s.State == "unchecked" && mustHold {
		return &verdictError{exitUnknownPage, "signature_" + s.Fault, "the signature does not hold: " + s.Reason}
	}
	sure := slices.DeleteFunc(slices.Clone(v.Problems), func(p problem) bool { return p.Doubtful })
	switch len(sure) {
	case 0:
		return nil
	case 1:
		return &verdictError{exitAWS, sure[0].Code, "AWS would refuse it: " + sure[0].What}
	}
	return &verdictError{exitAWS, sure[0].Code, fmt.Sprintf("AWS would refuse it, for %d reasons", len(sure))}
}

// metadata returns what --metadata names; nil where it names nothing.
func (s *settings) metadata(ctx context.Context) (*saml.Metadata, error) {
	from := s.path("metadata")
	if from == "" {
		return nil, nil
	}
	data, err := s.readMetadata(ctx, from)
	if err != nil {
		return nil, err
	}
	metadata, err := saml.ParseMetadata(data)
	if err != nil {
		return nil, &usageError{fmt.Sprintf("--metadata: %v", err), "the provider publishes it as XML, beside the settings of the AWS application"}
	}
	return metadata, nil
}

func (s *settings) readMetadata(ctx context.Context, from string) (data []byte, err error) {
	if !strings.Contains(from, "://") {
		if data, err = os.ReadFile(from); err != nil {
			err = &usageError{fmt.Sprintf("reading the metadata: %v", err), ""}
		}
		return data, err
	}
	if err := checkAddress(from); err != nil {
		return nil, err
	}
	transport, err := s.providerConnections()
	if err != nil {
		return nil, err
	}
	err = s.inTime(ctx, "reading the metadata", func(ctx context.Context) error {
		page, err := s.browser(transport, nil).Fetch(ctx, web.Request{Method: http.MethodGet, URL: from})
		if err == nil && page.Status != http.StatusOK {
			err = &usageError{fmt.Sprintf("reading the metadata: %s answers HTTP %d", web.Host(page.URL), page.Status), "save it with a browser, and name the file"}
		}
		if err == nil {
			data = page.Body
		}
		return err
	})
	return data, err
}

func (s *settings) printVerdict(v verdict) error {
	if s.text("output") == "json" {
		return writeJSON(s.stdout, v)
	}
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "signature\t%s\n", plain.Text(v.Signature.words()))
	for _, row := range v.Signature.rows() {
		fmt.Fprintf(w, "%s\t%s\n", row[0], plain.Text(row[1]))
	}
	for _, p := range v.Problems {
		name := "problem"
		if p.Doubtful {
			name = "perhaps"
		}
		fmt.Fprintf(w, "%s\t%s (%s)\n\t%s\n\t%s\n", name, plain.Text(p.What), p.Code, plain.Text(p.Fix), p.See)
	}
	if len(v.Problems) == 0 {
		fmt.Fprintf(w, "problems\tnone that can be seen here\n")
	}
	_ = w.Flush() // into memory
	_, err := fmt.Fprint(s.stdout, b.String())
	return err
}

func (v signatureVerdict) words() string {
	switch v.State {
	case "valid":
		return "valid: the provider of the metadata signed the " + v.Covers
	case "intact":
		return "intact, by a certificate that anybody may have made: --metadata tells whose it is"
	case "unchecked":
		return "not checked: " + v.Reason
	}
	return "does not hold: " + v.Reason
}
