package oidc

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/samlcli/samlcli/internal/plain"
	"github.com/samlcli/samlcli/internal/secret"
)

// Claims are what a token says (RFC 7519). Whether it is true is another question: see Client.
type Claims struct {
	Issuer, Subject string
	Audience        []string
	Expires         time.Time // zero where it does not say

	all map[string]any
}

// Read reads the claims of a token; ok is false for one that is not of the form of a JSON Web Token, which only who made it can
// read.
func Read(token secret.Secret) (c *Claims, ok bool) {
	parts := strings.Split(token.Reveal(), ".")
	if len(parts) != 3 {
		return nil, false
	}
	c = &Claims{}
	var head map[string]any
	if !decode(parts[0], &head) || !decode(parts[1], &c.all) || c.all == nil {
		return nil, false
	}
	c.Issuer, c.Subject = c.Text("iss"), c.Text("sub")
	switch aud := c.all["aud"].(type) {
	case string:
		c.Audience = []string{aud}
	case []any:
		for _, one := range aud {
			text, _ := one.(string)
			c.Audience = append(c.Audience, text)
		}
	}
	c.Expires = c.time("exp")
	return c, true
}

// Text returns a claim that is a text; "" for every other one.
func (c *Claims) Text(name string) string {
	text, _ := c.all[name].(string)
	return text
}

func (c *Claims) time(name string) time.Time {
	number, _ := c.all[name].(json.Number)
	seconds, err := number.Float64()
	if err != nil || seconds < 0 || seconds > 1<<40 {
		return time.Time{}
	}
	return time.Unix(int64(seconds), 0).UTC()
}

// Check finds what STS would refuse in the claims: their time is over, or they are for somebody else than a client, or of another
// issuer. Empty names fit everybody.
func (c *Claims) Check(now time.Time, issuer, client string) error {
	switch {
	case !c.Expires.IsZero() && !now.Before(c.Expires):
		return unusable("it expired at %s", c.Expires.Format(time.RFC3339))
	case issuer != "" && !sameIssuer(c.Issuer, issuer):
		return unusable("it is of %s, not of %s", plain.Short(c.Issuer, 200), issuer)
	case client != "" && !slices.Contains(c.Audience, client):
		return unusable("it is for %s, not for %s", plain.Short(strings.Join(c.Audience, ", "), 200), client)
	}
	return nil
}

// sameIssuer knows that Google leaves its scheme out at times ("OpenID Connect", Google's reference of ID tokens).
func sameIssuer(said, want string) bool {
	return said == want || said == "accounts.google.com" && want == "https://"+said
}

// decode reads one part of a token.
func decode(part string, into any) bool {
	data, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil {
		return false
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	return d.Decode(into) == nil
}
