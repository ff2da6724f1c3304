package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
	"github.com/samlcli/samlcli/internal/store"
	"github.com/samlcli/samlcli/saml"
)

// response returns the SAML response that a command works with: the one that --assertion names, one that is still good from
// the last sign-in, or that of a new one.
func (s *settings) response(ctx context.Context) (*saml.Response, error) {
	if err := s.noResponse(); err != nil {
		return nil, err
	}
	if file := s.path("assertion"); file != "" {
		return s.savedResponse(ctx, file)
	}
	if err := s.checkRemember(); err != nil {
		return nil, err
	}
	var r *saml.Response
	err := s.inTime(ctx, "sign-in", func(ctx context.Context) error {
		began := s.now()
		unlock, err := s.alone(ctx, s.rememberedFile("sign-in"))
		if err != nil {
			return &idp.StepError{Step: "waiting for another sign-in", Err: err}
		}
		defer unlock()
		if err := s.refusedMeanwhile(began); err != nil {
			return err
		}
		r, err = s.currentResponse(ctx)
		s.shareRefusal(err)
		return err
	})
	if err != nil {
		return nil, err
	}
	return r, s.save(r.Encoded)
}

// currentResponse returns the last sign-in's response while AWS takes it, else a new one. One of many that come at once
// signs in, and the others find what it left.
func (s *settings) currentResponse(ctx context.Context) (*saml.Response, error) {
	brings := s.text("idp") == "paste" // who pastes a response means that one
	if !s.anew && !s.on("refresh") && !brings {
		if r, err := saml.Parse(string(s.remembered("assertion"))); err == nil && s.now().Before(goodUntil(r)) {
			s.log.detail("the last sign-in's response is good until %s", goodUntil(r).Local().Format("15:04:05"))
			s.kept = true
			return r, nil
		}
	}
	s.kept = false
	if err := s.unasked.refusal(s.now()); err != nil {
		return nil, err
	}
	encoded, err := s.signIn(ctx)
	s.unasked.note(ctx, err, s.now())
	if err != nil {
		return nil, s.recordable(err)
	}
	r, err := saml.Parse(encoded)
	if err != nil {
		return nil, errors.Join(err, s.save(encoded))
	}
	if s.now().Before(goodUntil(r)) {
		s.seal("assertion", []byte(r.Encoded))
	}
	return r, nil
}

// STS takes a response for five minutes (AWS's documentation of AssumeRoleWithSAML); a while is left for clocks and the way.
const (
	responseLife = 5 * time.Minute
	responseSkew = 30 * time.Second
)

// goodUntil is when AWS will not take the response any more; long ago where it does not say when it was made.
func goodUntil(r *saml.Response) time.Time {
	if r.IssuedAt.IsZero() {
		return time.Time{}
	}
	until := r.IssuedAt.Add(responseLife)
	if !r.Expires.IsZero() && r.Expires.Before(until) {
		until = r.Expires
	}
	return until.Add(-responseSkew)
}

// inTime does something within the time limit. The step is what it is called where the limit ends it, unless its error names one.
func (s *settings) inTime(ctx context.Context, step string, do func(context.Context) error) error {
	limit, err := s.duration("timeout", 2*time.Minute)
	if err != nil {
		return err
	}
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	err = do(limited)
	if err != nil && ctx.Err() == nil && limited.Err() != nil {
		return &timeLimitError{limit, step, err}
	}
	return err
}

// savedResponse reads a response that was saved before.
func (s *settings) savedResponse(ctx context.Context, file string) (*saml.Response, error) {
	data, err := s.readInput(ctx, file)
	if err != nil {
		return nil, &usageError{fmt.Sprintf("reading the SAML response: %v", err), ""}
	}
	encoded, err := extract(data)
	var r *saml.Response
	if err == nil {
		r, err = saml.Parse(encoded)
	}
	if format := (*saml.FormatError)(nil); errors.As(err, &format) {
		return nil, &usageError{fmt.Sprintf("--assertion %s: %v", file, err), "it takes a SAML response as base64 or XML, a form's body, or the saved page; samlcli assertion get prints one"}
	}
	if err != nil {
		return nil, err
	}
	return r, s.save(r.Encoded)
}

// extract finds the response in a text: as saml.Extract does, or in the form of a page.
func extract(data []byte) (string, error) {
	encoded, err := saml.Extract(data)
	if format := (*saml.FormatError)(nil); errors.As(err, &format) && format.Kind == saml.KindHTML {
		return fromPage(data)
	}
	return encoded, err
}

const maxInput = 16 << 20

func (s *settings) readInput(ctx context.Context, file string) ([]byte, error) {
	return patiently(ctx, func() ([]byte, error) {
		if file == "-" {
			return io.ReadAll(io.LimitReader(s.stdin, maxInput))
		}
		f, err := os.Open(file) // which may be a pipe
		if err != nil {
			return nil, err
		}
		defer f.Close()
		return io.ReadAll(io.LimitReader(f, maxInput))
	})
}

// patiently waits for what does not listen to a context, and leaves it behind when that ends.
func patiently[T any](ctx context.Context, do func() (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	results := make(chan result, 1)
	go func() {
		value, err := caught(do)
		results <- result{value, err}
	}()
	select {
	case r := <-results:
		return r.value, r.err
	case <-ctx.Done():
		var none T
		return none, context.Cause(ctx)
	}
}

// fromPage finds the response in a saved page, or a piece of one.
func fromPage(data []byte) (string, error) {
	page := &web.Page{Body: data, Header: http.Header{"Content-Type": {"text/html"}}}
	if value := page.Attr("input[name=SAMLResponse]", "value"); value != "" {
		return value, nil
	}
	return "", &saml.FormatError{Kind: saml.KindHTML, Reason: "the page has no field SAMLResponse"}
}

// save writes the response where --save-assertion says, for its owner alone.
func (s *settings) save(encoded string) error {
	file := s.path("save-assertion")
	if file == "" {
		return nil
	}
	if err := store.Write(file, []byte(strings.TrimSpace(encoded)+"\n")); err != nil {
		return &usageError{fmt.Sprintf("saving the SAML response: %v", err), diskHint(err, "--save-assertion")}
	}
	return nil
}
