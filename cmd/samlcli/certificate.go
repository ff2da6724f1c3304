package main

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"strings"

	"github.com/samlcli/samlcli/saml"
)

// shownSignature is the JSON shape of a signature; its certificate is null where the response has none.
type shownSignature struct {
	Covers      string            `json:"covers"`
	Algorithm   string            `json:"algorithm"`
	Certificate *shownCertificate `json:"certificate"`
}

type shownCertificate struct {
	Subject     string `json:"subject"`
	Expires     string `json:"expires"`
	Fingerprint string `json:"sha256"`
}

func shapeOf(s saml.Signature) shownSignature {
	return shownSignature{s.Covers, s.Algorithm, shapeOfCertificate(s.Certificate)}
}

func shapeOfCertificate(c *x509.Certificate) *shownCertificate {
	if c == nil {
		return nil
	}
	sum := sha256.Sum256(c.Raw)
	return &shownCertificate{c.Subject.String(), stamp(c.NotAfter), hex.EncodeToString(sum[:])}
}

// rows are the lines of a table for people.
func (s shownSignature) rows() (rows [][2]string) {
	if s.Covers == "" {
		return nil
	}
	rows = append(rows, [2]string{"signed", "the " + s.Covers + ", by " + s.Algorithm})
	if s.Certificate == nil {
		return rows
	}
	return append(rows,
		[2]string{"certificate", s.Certificate.Subject + ", expires " + s.Certificate.Expires},
		[2]string{"fingerprint", "SHA-256 " + colons(s.Certificate.Fingerprint)})
}

// colons writes a fingerprint as other tools do.
func colons(hex string) string {
	var b strings.Builder
	for i := 0; i+1 < len(hex); i += 2 {
		if i > 0 {
			b.WriteByte(':')
		}
		b.WriteString(strings.ToUpper(hex[i : i+2]))
	}
	return b.String()
}
