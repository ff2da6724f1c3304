package saml

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/samlcli/samlcli/internal/plain"
)

// redeemable is how long after it was issued AWS takes a response: "Token must be redeemed within 5 minutes of issuance".
const redeemable = 5 * time.Minute

// clearly is by how much clocks must differ to be worth a word: an HTTP date has whole seconds.
const clearly = 5 * time.Second

func show(text string) string { return strconv.Quote(plain.Short(text, 150)) }

func some(wrong bool, format string, args ...any) []string {
	if !wrong {
		return nil
	}
	return []string{fmt.Sprintf(format, args...)}
}

func (l *look) tooLarge() []string {
	return some(len(l.Encoded) > MaxEncoded && l.rolesThatFit() == 0, "the response has %d characters, and AWS takes %d", len(l.Encoded), MaxEncoded)
}

func (l *look) tooManyRoles() []string {
	fit := l.rolesThatFit()
	return some(len(l.Encoded) > MaxEncoded && fit > 0, "%d roles make the response %d characters long, and AWS takes %d: about %d would fit", len(l.Roles), len(l.Encoded), MaxEncoded, fit)
}

func (l *look) unsigned() []string {
	return some(!l.Encrypted && len(l.Signatures()) == 0, "neither the response nor its assertion is signed")
}

func (l *look) encrypted() []string {
	return some(l.Encrypted, "the assertion is encrypted: AWS takes it only with the private key for it, and nothing in it can be looked at here")
}

func (l *look) expired() []string {
	late := !l.IssuedAt.IsZero() && !l.now.Before(l.IssuedAt.Add(redeemable))
	switch {
	case !l.Expires.IsZero() && !l.now.Before(l.Expires):
		return some(true, "the response expired %s ago, at %s%s", age(l.now.Sub(l.Expires)), stamp(l.Expires), l.clock())
	case late:
		return some(true, "the response was issued %s ago, at %s, and AWS takes it for five minutes%s", age(l.now.Sub(l.IssuedAt)), stamp(l.IssuedAt), l.clock())
	}
	return nil
}

func (l *look) notYetValid() []string {
	from := l.NotBefore
	if from.IsZero() {
		from = l.IssuedAt
	}
	return some(from.Sub(l.now) >= time.Second, "the response is valid only in %s, from %s%s", age(from.Sub(l.now)), stamp(from), l.clock())
}

// clock says how the provider's clock differs.
func (l *look) clock() string {
	switch {
	case l.skew >= clearly:
		return fmt.Sprintf("; the provider's clock is %s ahead", age(l.skew))
	case l.skew <= -clearly:
		return fmt.Sprintf("; the provider's clock is %s behind", age(-l.skew))
	}
	return ""
}

func (l *look) timesMissing() []string {
	return some(l.IssuedAt.IsZero() || l.Expires.IsZero(), "the response does not say when it was issued, or when it expires, in a form that can be read")
}

func (l *look) audience() []string {
	for _, a := range l.Audiences {
		if a == awsAudience || strings.HasPrefix(a, awsAudience+":") || signInPartition(a) != "" {
			return nil
		}
	}
	if len(l.Audiences) == 0 {
		return some(true, "the response names no audience")
	}
	return some(true, "the response is for the audience %s, not for AWS", show(strings.Join(l.Audiences, ", ")))
}

func (l *look) recipient() []string {
	if l.Recipient == "" {
		return some(true, "the response names no recipient")
	}
	return some(signInPartition(l.Recipient) == "", "the response is for the recipient %s, not for AWS's sign-in", show(l.Recipient))
}

// partition compares the sign-in addresses with where the roles are.
func (l *look) partition() (found []string) {
	at := signInPartition(l.Recipient)
	if to := signInPartition(l.Destination); at != "" && to != "" && to != at {
		found = append(found, fmt.Sprintf("the response is sent to the sign-in of %s, and its recipient is that of %s", to, at))
	}
	for _, role := range l.Roles {
		if at != "" && role.Partition() != at {
			return append(found, fmt.Sprintf("its recipient is the sign-in of %s, and %s is in %s", at, role.ARN, role.Partition()))
		}
	}
	return found
}

func (l *look) subjectMissing() []string { return some(l.Subject == "", "its subject has no NameID") }

const awsAudience = "urn:amazon:webservices"

// signIns are the hosts of the partitions' sign-ins; a region may stand in front of each.
func signIns() map[string]string {
	return map[string]string{
		"signin.aws.amazon.com":       "aws",
		"signin.amazonaws-us-gov.com": "aws-us-gov",
		"signin.amazonaws.cn":         "aws-cn",
		"signin.amazonaws-eusc.eu":    "aws-eusc",
		"signin.c2shome.ic.gov":       "aws-iso",
		"signin.sc2shome.sgov.gov":    "aws-iso-b",
	}
}

// signInPartition returns the partition whose sign-in an address is; "" for any other address.
func signInPartition(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" || u.User != nil || u.Port() != "" && u.Port() != "443" {
		return ""
	}
	host := strings.ToLower(u.Hostname())
	if partition := signIns()[host]; partition != "" {
		return partition
	}
	_, host, _ = strings.Cut(host, ".")
	return signIns()[host]
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// age is a length of time as people say it: 20s, 6m30s, 6m, 1h5m, 1h.
func age(d time.Duration) string {
	precision := time.Second
	if d >= time.Hour {
		precision = time.Minute
	}
	text := d.Round(precision).String()
	if whole, ok := strings.CutSuffix(text, "m0s"); ok {
		text = whole + "m"
	}
	if whole, ok := strings.CutSuffix(text, "h0m"); ok {
		text = whole + "h"
	}
	return text
}
