package web

import (
	"encoding/json"
	"net/http"
)

// PostJSON returns the request by which a page's script posts body, which must be one that json.Marshal takes.
func PostJSON(address string, body any) Request {
	data, _ := json.Marshal(body) // of an adapter's own strings: they always can
	return Request{
		Method: http.MethodPost, URL: address, Body: data,
		Header: http.Header{"Content-Type": {"application/json"}, "Accept": {"application/json"}},
	}
}
