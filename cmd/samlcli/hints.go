package main

import (
	"errors"
	"io/fs"
	"net/http"
	"strings"
	"syscall"

	"github.com/samlcli/samlcli/aws"
	"github.com/samlcli/samlcli/idp"
)

// refusedHint is what to do about a provider's refusal.
func refusedHint(kind string) string {
	switch kind {
	case idp.BadCredentials:
		return "a stored password is tried once only; check it before the account is locked"
	case idp.PasswordExpired:
		return "set a new password in a browser, then sign in again"
	case idp.NotAssigned:
		return "the provider's administrator must give you the AWS application"
	}
	return ""
}

// awsHint is what to do about a refusal of STS.
func awsHint(refused *aws.RefusedError) string {
	switch {
	case refused.Code == "ExpiredTokenException":
		return "the response is older than five minutes: sign in again"
	case refused.Code == "AccessDenied":
		return "the role's trust policy must let that SAML provider do sts:AssumeRoleWithSAML"
	case refused.Code == "InvalidIdentityToken":
		return "the SAML provider in IAM must have the identity provider's present metadata"
	case strings.Contains(refused.Message, "MaxSessionDuration"):
		return "ask for less with --duration"
	}
	return ""
}

// tokenHint is what to do about STS's refusal of a token.
func tokenHint(refused *aws.RefusedError) string {
	switch {
	case refused.Code == "ExpiredTokenException":
		return "the token is too old: get a new one"
	case refused.Code == "AccessDenied":
		return "the role's trust policy must let the token's issuer and subject do sts:AssumeRoleWithWebIdentity"
	case refused.Code == "InvalidIdentityToken":
		return "IAM must have an OpenID Connect provider for the token's issuer, with the token's audience (client ID) in its list"
	case strings.Contains(refused.Message, "MaxSessionDuration"):
		return "ask for less with --duration"
	}
	return ""
}

// pageHints say how to get further than a page that was not understood.
func pageHints(page *idp.UnknownPageError) []string {
	if page.Status == http.StatusNotFound {
		return []string{"is the address right? it is the provider's own link to AWS, as in its portal"}
	}
	return []string{
		"run it again with -v to see the steps before this page",
		"to finish with any browser, save the SAML response there and run: samlcli login --assertion FILE",
	}
}

// deliveryHint says what to do about a disk or a right that is in the way of a file.
func deliveryHint(err error) string {
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return "make room there; samlcli exec needs no file"
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return "name a file that you may write with AWS_SHARED_CREDENTIALS_FILE; samlcli exec needs none"
	}
	return ""
}
