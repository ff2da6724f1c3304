package main

import (
	"bytes"
	"io"
	"net/http"
	"regexp"
)

// steady takes out of Keycloak's pages what is another at every start of the server and means nothing to a login: the tag in
// the addresses of its style sheets.
type steady struct{ http.RoundTripper }

func (s steady) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := s.RoundTripper.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	body = regexp.MustCompile(`/resources/[a-z0-9]{5}/`).ReplaceAll(body, []byte("/resources/00000/"))
	resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return resp, nil
}

// twice sends the first form two times, as an impatient proxy does, and gives the second answer.
type twice struct {
	http.RoundTripper
	done bool
}

func (t *twice) RoundTrip(req *http.Request) (*http.Response, error) {
	if t.done || req.Method != http.MethodPost {
		return t.RoundTripper.RoundTrip(req)
	}
	t.done = true
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	req.Body = io.NopCloser(bytes.NewReader(body))
	first, err := t.RoundTripper.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	first.Body.Close()
	again := req.Clone(req.Context())
	again.Body = io.NopCloser(bytes.NewReader(body))
	return t.RoundTripper.RoundTrip(again)
}
