package aws

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/samlcli/samlcli/internal/secret"
)

// A Console makes the address of a signed-in AWS Management Console ("Enabling custom identity broker access to the AWS console").
type Console struct {
	Service     string        // "" is the console's start page
	Region      string        // "" is the partition's default
	Duration    time.Duration // of the console's session, where AWS lets it be said; 0 leaves it to AWS, as it must be for chained roles
	LogoutFirst bool          // end another session of the browser first
	Transport   http.RoundTripper
}

// Address asks the sign-in service for a token, and returns the address that has it: whoever opens it within 15 minutes is
// signed in. Its errors are *RefusedError, *UnreachableError, and anything else where no address is known; none holds the address.
func (o *Console) Address(ctx context.Context, c Credentials) (secret.Secret, error) {
	partition := c.partition(o.Region)
	region, given, err := ChooseRegion(partition, o.Region, c.Region)
	if err != nil {
		return secret.Secret{}, err
	}
	signIn, console := SignInHost(partition), browserHost("console.", partition)
	if signIn == "" { // another partition's would get the credentials
		return secret.Secret{}, fmt.Errorf("no address of a console in partition %s is known", partition)
	}
	if given && partition == "aws" {
		signIn = region + "." + signIn
	}
	token, err := o.token(ctx, "https://"+signIn+"/federation", c, o.Duration)
	if errors.As(err, new(*RefusedError)) && o.Duration > 0 { // nor may GetFederationToken's have one, or what somebody else has chained
		token, err = o.token(ctx, "https://"+signIn+"/federation", c, 0)
	}
	if err != nil {
		return secret.Secret{}, err
	}
	service := o.Service
	if service == "" {
		service = "console"
	}
	to := fmt.Sprintf("https://%s.%s/%s/home?region=%s", region, console, url.PathEscape(service), region)
	address := "https://" + signIn + "/federation?" + url.Values{"Action": {"login"}, "Issuer": {"samlcli"}, "Destination": {to}, "SigninToken": {token}}.Encode()
	if o.LogoutFirst {
		address = "https://" + signIn + "/oauth?" + url.Values{"Action": {"logout"}, "redirect_uri": {address}}.Encode()
	}
	return secret.New(address), nil
}

// token trades the credentials, in a body and not in an address, for a sign-in token.
func (o *Console) token(ctx context.Context, endpoint string, c Credentials, d time.Duration) (string, error) {
	session, _ := json.Marshal(map[string]string{"sessionId": c.AccessKeyID, "sessionKey": c.SecretAccessKey.Reveal(), "sessionToken": c.SessionToken.Reveal()}) // strings always encode
	form := url.Values{"Action": {"getSigninToken"}, "Session": {string(session)}}
	if d > 0 {
		form.Set("SessionDuration", strconv.Itoa(int(d/time.Second)))
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, endpoint, strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := o.Transport.RoundTrip(r)
	if err != nil {
		return "", &UnreachableError{r.URL.Host, err}
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, 1<<20))
	if err != nil {
		return "", &UnreachableError{r.URL.Host, err}
	}
	var said struct{ SigninToken string }
	if answer.StatusCode != http.StatusOK || json.Unmarshal(body, &said) != nil || said.SigninToken == "" {
		return "", &RefusedError{Code: "getSigninToken", Message: "the sign-in service gives no token for these credentials", Status: answer.StatusCode}
	}
	return said.SigninToken, nil
}
