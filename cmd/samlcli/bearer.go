package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/internal/oidc"
	"github.com/samlcli/samlcli/internal/secret"
)

// bearer brings the token of a web identity.
type bearer struct {
	token func(context.Context) (secret.Secret, error)
	id    string // whose it is: credentials for another's are others
}

// bearer returns the one that the settings name: standard input, a file, a command, a sign-in, the file that AWS's own variable names.
func (s *settings) bearer(ctx context.Context) (bearer, error) {
	file := s.tokenFile()
	switch argv := s.argv("token_command"); {
	case s.on("token-stdin") || file == "-":
		return s.tokenOfStdin(ctx)
	case file != "":
		return s.tokenOfFile(ctx, file)
	case len(argv) > 0:
		return bearer{token: func(ctx context.Context) (token secret.Secret, err error) {
			if err := s.unasked.refusal(s.now()); err != nil {
				return token, err
			}
			err = s.inTime(ctx, "token_command", func(ctx context.Context) error {
				token, err = s.tokenOf(ctx, argv)
				s.unasked.note(ctx, err, s.now())
				return err
			})
			return token, err
		}}, nil
	case s.text("issuer") != "":
		return bearer{token: s.openIDToken}, s.checkIssuer()
	}
	return bearer{}, &usageError{"nothing says where the token comes from", "give the account an issuer, a token_file or a token_command, or give it on standard input with --token-stdin"}
}

// bringsToken reports whether a command is for a token that is there, and that may be another one the next time.
func (s *settings) bringsToken() bool {
	return s.source() == fromToken && (s.on("token-stdin") || s.tokenFile() != "")
}

// tokenFile returns the file that has the token. AWS's variable counts where the account names nothing.
func (s *settings) tokenFile() string {
	if file := s.path("token-file"); file != "" || len(s.argv("token_command")) > 0 || s.text("issuer") != "" {
		return file
	}
	return s.env("AWS_WEB_IDENTITY_TOKEN_FILE")
}

// maxToken is what STS takes (AssumeRoleWithWebIdentity, WebIdentityToken).
const maxToken = 20000

// tokenOfStdin reads one line, once: the rest is for the program that exec runs.
func (s *settings) tokenOfStdin(ctx context.Context) (bearer, error) {
	if s.token.Empty() {
		line, err := patiently(ctx, func() (string, error) { return readLine(s.stdin, maxToken) })
		if err != nil {
			return bearer{}, &usageError{fmt.Sprintf("reading the token from standard input: %v", err), ""}
		}
		if s.token, err = tokenIn("standard input", line); err != nil {
			return bearer{}, err
		}
	}
	return s.brought(s.token), nil
}

// tokenOfFile reads the file now, since another token in it is perhaps another's. Whether it is good matters to STS alone.
func (s *settings) tokenOfFile(ctx context.Context, file string) (bearer, error) {
	data, err := s.readInput(ctx, file)
	if err != nil {
		return bearer{}, &usageError{fmt.Sprintf("reading the token: %v", err), ""}
	}
	token, err := tokenIn(file, string(data))
	if err != nil {
		return bearer{}, err
	}
	return s.brought(token), nil
}

// brought is the bearer of a token that is there.
func (s *settings) brought(token secret.Secret) bearer {
	id := token.Reveal()
	if claims, ok := oidc.Read(token); ok {
		id = digest(append(claims.Audience, claims.Issuer, claims.Subject)...)
	}
	return bearer{func(context.Context) (secret.Secret, error) { return token, s.checkToken(token) }, id}
}

// tokenOf runs the account's command, which may ask the person, and returns the token that it prints.
func (s *settings) tokenOf(ctx context.Context, argv []string) (secret.Secret, error) {
	printed, err := s.printedBy(ctx, argv, maxToken, "SAMLCLI_ACCOUNT="+s.name)
	if errors.Is(err, errTooMuch) {
		return secret.Secret{}, &oidc.TokenError{Reason: argv[0] + " prints more than a token can be"}
	}
	if err != nil {
		return secret.Secret{}, err
	}
	token, err := tokenIn(argv[0], string(printed))
	if err != nil {
		return token, &idp.RefusedError{Step: "token_command", Kind: idp.Blocked, Host: argv[0], Message: "it prints no token"}
	}
	return token, s.checkToken(token)
}

// tokenIn finds the token in a text, which must be nothing else.
func tokenIn(where, text string) (secret.Secret, error) {
	words := strings.Fields(text)
	switch {
	case len(words) == 0:
		return secret.Secret{}, &usageError{where + " has no token in it", ""}
	case len(words) > 1 || len(words[0]) > maxToken:
		return secret.Secret{}, &usageError{where + " has more in it than a token", "it is one word, such as base64.base64.base64"}
	}
	return secret.New(words[0]), nil
}

// checkToken finds what STS would refuse, so that the reason is told better.
func (s *settings) checkToken(token secret.Secret) error {
	claims, ok := oidc.Read(token)
	if !ok {
		return nil // only its issuer can read it
	}
	return claims.Check(s.now(), s.text("issuer"), s.text("client_id"))
}
