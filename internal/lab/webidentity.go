package lab

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// An Issuer of tokens, as IAM knows it: an OpenID Connect provider.
type Issuer struct {
	Key      *rsa.PublicKey // of its signatures, RS256
	Audience []string       // its client IDs
	Roles    []string       // the ARNs of the roles that trust it
}

const tokenLimit = 20000

// bearer is what a token says.
type bearer struct {
	Issuer   string `json:"iss"`
	Subject  string `json:"sub"`
	Audience any    `json:"aud"`
	Expires  int64  `json:"exp"`
}

func (s *sts) assumeRoleWithWebIdentity(q url.Values) (any, *refusal) {
	seconds, packed, no := checkRequest(q, member{"RoleArn", 2048}, member{"RoleSessionName", 64}, member{"WebIdentityToken", tokenLimit})
	if no != nil {
		return nil, no
	}
	session := q.Get("RoleSessionName")
	if !regexp.MustCompile(`^[\w+=,.@-]{2,64}$`).MatchString(session) {
		return nil, constraint(session, "RoleSessionName", `Member must satisfy regular expression pattern: [\w+=,.@-]*`)
	}
	b, issuer, no := s.readToken(q.Get("WebIdentityToken"))
	if no != nil {
		return nil, no
	}
	arn := q.Get("RoleArn")
	if !slices.Contains(issuer.Roles, arn) {
		return nil, &refusal{http.StatusForbidden, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity"}
	}
	lasts, no := s.lasts(arn, seconds)
	if no != nil {
		return nil, no
	}
	user, given := s.issue(arn, session, s.lab.options.Now().UTC().Add(lasts).Truncate(time.Second))
	parts := strings.SplitN(arn, ":", 6)
	return webIdentityResponse(assumedByToken{
		User: user, Keys: given, Subject: b.Subject, PackedPolicySize: packed,
		Provider: fmt.Sprintf("arn:%s:iam::%s:oidc-provider/%s", parts[1], parts[4], b.Issuer[strings.Index(b.Issuer, "//")+2:]),
		Audience: issuer.of(b),
	}), nil
}

// readToken believes nothing that is not signed by an issuer that IAM knows, for one of its clients, and still good.
func (s *sts) readToken(token string) (*bearer, Issuer, *refusal) {
	var b bearer
	head, rest, _ := strings.Cut(token, ".")
	payload, mac, ok := strings.Cut(rest, ".")
	body, err := base64.RawURLEncoding.DecodeString(payload)
	signature, err2 := base64.RawURLEncoding.DecodeString(mac)
	if !ok || err != nil || err2 != nil || json.Unmarshal(body, &b) != nil {
		return nil, Issuer{}, invalid("The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)")
	}
	issuer, known := s.lab.options.OpenID[b.Issuer]
	if !known {
		return nil, issuer, invalid("No OpenIDConnect provider found in your account for " + b.Issuer)
	}
	sum := sha256.Sum256([]byte(head + "." + payload))
	if rsa.VerifyPKCS1v15(issuer.Key, crypto.SHA256, sum[:], signature) != nil {
		return nil, issuer, invalid("Couldn't retrieve verification key from your identity provider, please reference AssumeRoleWithWebIdentity documentation for requirements")
	}
	if issuer.of(&b) == "" {
		return nil, issuer, invalid("Incorrect token audience")
	}
	if now := s.lab.options.Now().Unix(); now >= b.Expires {
		return nil, issuer, &refusal{http.StatusBadRequest, "ExpiredTokenException",
			fmt.Sprintf("Token expired: current date/time %d must be before the expiration date/time %d", now, b.Expires)}
	}
	return &b, issuer, nil
}

// of returns the client ID of the issuer's that the token is for; "" where it is for none.
func (i Issuer) of(b *bearer) string {
	said, _ := b.Audience.([]any)
	if one, ok := b.Audience.(string); ok {
		said = []any{one}
	}
	for _, aud := range said {
		if text, _ := aud.(string); slices.Contains(i.Audience, text) {
			return text
		}
	}
	return ""
}
