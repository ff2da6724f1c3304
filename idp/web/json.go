package web

import (
	"encoding/json"
	"net/http"
	"net/url"
)

// PostJSON returns the request by which a page's script posts body, which must be one that json.Marshal takes.
func PostJSON(address string, body any) Request {
	data, _ := json.Marshal(body) // of an adapter's own strings: they always can
	return Request{
		Method: http.MethodPost, URL: address, Body: data,
		Header: http.Header{"Content-Type": {"application/json"}, "Accept": {"application/json"}},
	}
}

// PostForm returns the request by which a page's script posts fields that stand in no form.
func PostForm(address string, fields url.Values) Request {
	return Request{
		Method: http.MethodPost, URL: address, Body: []byte(fields.Encode()),
		Header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}},
	}
}
