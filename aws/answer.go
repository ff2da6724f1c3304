package aws

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/samlcli/samlcli/internal/plain"
	"github.com/samlcli/samlcli/internal/secret"
)

// checked makes credentials of STS's answer, if it holds any, for the role asked for, that are still good.
func checked(given *types.Credentials, user *types.AssumedRoleUser, arn string, role roleARN, region string, now time.Time) (Credentials, error) {
	if user == nil {
		return Credentials{}, unusable("there are no credentials in it")
	}
	c, err := usable(given, now)
	if c.Role, c.AssumedRole, c.Region = arn, sdk.ToString(user.Arn), region; err == nil && !role.isSession(c.AssumedRole) {
		err = unusable(fmt.Sprintf("it is for %s, not for %s", plain.Short(c.AssumedRole, maxMessage), plain.Text(arn)))
	}
	if err != nil {
		return Credentials{}, err
	}
	return c, nil
}

// usable makes credentials of those that STS gave, whole and still good.
func usable(given *types.Credentials, now time.Time) (Credentials, error) {
	if given == nil {
		return Credentials{}, unusable("there are no credentials in it")
	}
	c := Credentials{
		AccessKeyID:     sdk.ToString(given.AccessKeyId),
		SecretAccessKey: secret.New(sdk.ToString(given.SecretAccessKey)),
		SessionToken:    secret.New(sdk.ToString(given.SessionToken)),
		Expires:         sdk.ToTime(given.Expiration).UTC(),
	}
	switch {
	case c.AccessKeyID == "" || c.SecretAccessKey.Empty() || c.SessionToken.Empty() || given.Expiration == nil:
		return Credentials{}, unusable("a part of the credentials is missing")
	case strings.ContainsFunc(c.AccessKeyID+c.SecretAccessKey.Reveal()+c.SessionToken.Reveal(), func(r rune) bool { return r <= ' ' || r >= 0x7f }):
		return Credentials{}, unusable("the credentials hold characters that no credentials have")
	case !c.Expires.After(now):
		return Credentials{}, unusable(fmt.Sprintf("the credentials expired at %s, and it is %s here",
			c.Expires.Format(time.RFC3339), now.UTC().Format(time.RFC3339)))
	}
	return c, nil
}

func unusable(message string) error {
	return &RefusedError{Code: UnusableAnswer, Message: message, Status: http.StatusOK}
}

const maxMessage = 500 // characters of somebody else's words

// classify tells a refusal from an answer that never came, and drops what the SDK wraps around both. Secrets that were sent
// are hidden in AWS's words: some refusals repeat the request.
func classify(ctx context.Context, host string, err error, sent ...secret.Secret) error {
	var mask secret.Mask
	for _, s := range sent {
		mask.Hide(s.Reveal())
	}
	if ctx.Err() != nil {
		return &UnreachableError{host, context.Cause(ctx)}
	}
	status, at := 0, time.Time{}
	if r, ok := errors.AsType[*smithyhttp.ResponseError](err); ok && r.Response != nil {
		status = r.HTTPStatusCode()
		at, _ = http.ParseTime(r.Response.Header.Get("Date"))
	}
	if broken := connectionError(err); broken != nil {
		return &UnreachableError{host, mask.Error(broken)}
	}
	if status >= 500 {
		return &UnreachableError{host, fmt.Errorf("the server answered HTTP %d", status)}
	}
	if a, ok := errors.AsType[smithy.APIError](err); ok && a.ErrorCode() != "UnknownError" {
		return &RefusedError{plain.Short(a.ErrorCode(), maxMessage), mask.Text(plain.Short(a.ErrorMessage(), maxMessage)), status, at}
	}
	if status == 0 {
		return fmt.Errorf("asking %s: %w", host, err)
	}
	return &RefusedError{UnusableAnswer, fmt.Sprintf("HTTP %d from %s is not an answer of STS", status, host), status, at}
}

// connectionError finds the reason why a request or its answer did not come through, without the address.
func connectionError(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		return u.Err
	}
	if n, ok := errors.AsType[net.Error](err); ok {
		return n
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return io.ErrUnexpectedEOF
	}
	return nil
}

// capped reads no more of an answer than an answer of STS can be.
type capped struct{ inner http.RoundTripper }

const maxAnswer = 1 << 20

func (c capped) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := c.inner.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	resp.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(resp.Body, maxAnswer), resp.Body}
	return resp, nil
}
