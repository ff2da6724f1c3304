package oidc

import (
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/coreos/go-oidc/v3/oidc"
)

// through tells the libraries by what client to make requests.
func (c *Client) through(ctx context.Context) context.Context {
	return oidc.ClientContext(ctx, &http.Client{Transport: wire{ctx, c.Transport}, CheckRedirect: noRedirect})
}

// noRedirect keeps codes and secrets where they were sent.
func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// wire ends with its context, which not every request of the libraries has, reads no more than an answer can be, and tells
// answers from none.
type wire struct {
	ctx   context.Context
	inner http.RoundTripper
}

const maxAnswer = 1 << 20

func (w wire) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := w.inner.RoundTrip(r.WithContext(w.ctx))
	if err != nil {
		return nil, &UnreachableError{r.URL.Host, err}
	}
	switch {
	case resp.StatusCode >= 500:
		err = &UnreachableError{r.URL.Host, fmt.Errorf("it answers with status %d", resp.StatusCode)}
	case r.Method == http.MethodGet && resp.StatusCode != http.StatusOK:
		err = &AnswerError{r.URL.Host, fmt.Sprintf("answers at %s with status %d", r.URL.Path, resp.StatusCode)}
	}
	if err != nil {
		resp.Body.Close()
		return nil, err
	}
	resp.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(resp.Body, maxAnswer), resp.Body}
	return resp, nil
}
