package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/samlcli/samlcli/aws"
	"github.com/samlcli/samlcli/internal/oidc"
	"github.com/samlcli/samlcli/internal/secret"
	"github.com/samlcli/samlcli/saml"
)

// tokenCredentials returns those of a role that trusts the issuer of a token.
func (s *settings) tokenCredentials(ctx context.Context, exchange *aws.Exchange) (aws.Credentials, error) {
	role, err := s.onlyRole()
	if err != nil {
		return aws.Credentials{}, err
	}
	call, err := s.callFor(exchange, role)
	if err != nil {
		return aws.Credentials{}, err
	}
	b, err := s.bearer(ctx)
	if err != nil {
		return aws.Credentials{}, err
	}
	return s.cached(ctx, &webIdentity{call, b}, call.exchange, b.id, fmt.Sprint(call.given), s.text("session_name_claim"), s.env("AWS_ROLE_SESSION_NAME"))
}

// onlyRole returns the ARN of the role that is asked for: neither tokens nor brokers tell which there are.
func (s *settings) onlyRole() (string, error) {
	roles := s.list("role")
	if arn := s.env("AWS_ROLE_ARN"); len(roles) == 0 && arn != "" {
		roles = []string{arn}
	}
	if len(roles) != 1 {
		return "", &usageError{"such a sign-in offers no list of roles: it takes one", roleHint}
	}
	if !isRole(roles[0]) {
		return "", &usageError{fmt.Sprintf("such a sign-in offers no list of roles, and %q is not the ARN of one", roles[0]), roleHint}
	}
	return roles[0], nil
}

// isRole reports whether a text is the ARN of one role.
func isRole(text string) bool {
	role := saml.Role{ARN: text}
	return role.Partition() != "" && role.Account() != "" && role.Name() != "" && strings.Contains(text, ":role/") && !strings.ContainsAny(text, "*? ")
}

// webIdentity is the aws.Source of one role that a token's bearer may have.
type webIdentity struct {
	roleCall
	bearer bearer
}

// Credentials gets a token, looks at what STS would refuse, and asks STS.
func (w *webIdentity) Credentials(ctx context.Context) (aws.Credentials, error) {
	token, err := w.bearer.token(ctx)
	if err != nil {
		return aws.Credentials{}, err
	}
	e := *w.exchange
	e.Token = token
	if e.SessionName, err = w.s.sessionName(token); err != nil {
		return aws.Credentials{}, err
	}
	credentials, err := w.redeem(ctx, &e, 0)
	if refused := (*aws.RefusedError)(nil); errors.As(err, &refused) {
		w.s.forgetToken()
	}
	if who := credentials.WebIdentity; err == nil {
		w.s.log.detail("AWS read in the token: subject %s, provider %s, audience %s", who.Subject, who.Provider, who.Audience)
	}
	return credentials, err
}

// sessionName finds in a token what its session is called on AWS.
func (s *settings) sessionName(token secret.Secret) (string, error) {
	claims, readable := oidc.Read(token)
	if name := s.text("session_name_claim"); name != "" {
		if !readable || claims.Text(name) == "" {
			return "", &oidc.TokenError{Reason: fmt.Sprintf("it has no claim %q to name the session by", name)}
		}
		return aws.SessionName(claims.Text(name)), nil
	}
	name := s.env("AWS_ROLE_SESSION_NAME")
	if readable {
		name = cmp.Or(name, claims.Text("email"), claims.Subject)
	}
	return aws.SessionName(name), nil
}
