package main

import "fmt"

// Where the credentials of the first role come from.
const (
	fromSAML   = "saml"
	fromToken  = "web-identity"
	fromBroker = "broker"
	fromKeys   = "keys" // of one's own; source_profile says so
)

func sources() []string { return []string{fromSAML, fromToken, fromBroker} }

// source is what --source says, but for what is brought instead of a sign-in. Where nothing says how to sign in, a token that
// is there speaks for itself.
func (s *settings) source() string {
	if s.own() {
		return fromKeys
	}
	if s.text("assertion") != "" {
		return fromSAML
	}
	if source := s.text("source"); source != "" {
		return source
	}
	if s.text("token-file") != "" || s.on("token-stdin") || s.name == "" && s.text("url") == "" && s.env("AWS_WEB_IDENTITY_TOKEN_FILE") != "" {
		return fromToken
	}
	return fromSAML
}

func unknownSource(source string) error {
	return &usageError{fmt.Sprintf("there is no source %q", source), didYouMean(source, sources())}
}

// sourceParts are what an account of another source than SAML is known by.
func (s *settings) sourceParts() []string {
	if s.source() == fromSAML {
		return nil
	}
	parts := []string{s.source(), s.tokenFile(), s.text("issuer"), s.text("client_id")}
	return append(append(parts, s.list("scopes")...), s.argv("token_command")...)
}

// noResponse says that a command which needs a SAML response is not for this account.
func (s *settings) noResponse() error {
	if s.source() == fromSAML {
		return nil
	}
	return &usageError{fmt.Sprintf("with source = %q there is no SAML response, and so no list of roles", s.source()), roleHint}
}

const roleHint = "name one role by its ARN, with --role or role in the profile of the config: arn:aws:iam::123456789012:role/Admin"
