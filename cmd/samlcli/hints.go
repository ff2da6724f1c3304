package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io/fs"
	"net"
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
	case idp.MFAFailed:
		return "sign in again with a new code, or with another factor: --mfa says which"
	case idp.Locked:
		return "wait, or have it unlocked; each further try may make that take longer"
	case idp.Blocked:
		return "-v shows where it was refused; the provider's administrator finds the reason in its sign-in log"
	case idp.CaptchaRefused:
		return "sign in once with a browser on this network, then try again here"
	}
	return ""
}

// unreachableHint is what to do about a server that gives no answer.
func unreachableHint(err error) string {
	var (
		untrusted *tls.CertificateVerificationError
		unknown   *net.DNSError
		invalid   x509.CertificateInvalidError
	)
	switch {
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "look whether this machine's clock is right"
	case errors.As(err, &untrusted):
		return "if a company's proxy or private authority signs certificates here, trust it with --ca-bundle FILE"
	case errors.As(err, &unknown) && unknown.IsNotFound:
		return "is the name right, and the VPN up?"
	}
	return "try again in a while"
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

// keysHint is what to do about STS's refusal of a call that is made with somebody's keys.
func keysHint(call string, refused *aws.RefusedError) string {
	switch {
	case strings.Contains(refused.Message, "MultiFactorAuthentication"):
		return "a code is good for one call: wait for the next one"
	case refused.Code == "AccessDenied" && call == "AssumeRole":
		return "the role's trust policy must let the bearer of those keys do sts:AssumeRole, with the external ID and the second factor that it wants"
	case refused.Code == "AccessDenied":
		return "a policy must let the bearer of those keys do sts:" + call
	case refused.Code == "ExpiredToken":
		return "the session of those keys is over: get another one"
	case refused.Code == "InvalidClientTokenId", refused.Code == "SignatureDoesNotMatch":
		return "those keys are not right, or not in use any more"
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

// diskHint says what to do about a disk or a right that is in the way of a file, which a variable may move elsewhere.
func diskHint(err error, variable string) string {
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT), errors.Is(err, syscall.EFBIG):
		return "make room there"
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return "name a file that you may write with " + variable
	}
	return ""
}
