package web_test

import (
	"testing"

	"github.com/samlcli/samlcli/idp/web"
)

func TestPostJSON(t *testing.T) {
	t.Parallel()
	r := web.PostJSON("https://idp.example.com/api", map[string]string{"user": "a<b"})
	if r.Method != "POST" || r.URL != "https://idp.example.com/api" || r.Header.Get("Content-Type") != "application/json" || string(r.Body) != `{"user":"a\u003cb"}` {
		t.Errorf("PostJSON = %+v, body %s", r, r.Body)
	}
}
