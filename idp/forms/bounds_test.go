package forms_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/forms"
	"github.com/samlcli/samlcli/idp/web"
)

// A page with more on it than anybody fills in must not cost minutes.
func TestBounds(t *testing.T) {
	t.Parallel()
	u, err := url.Parse(start)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, body, want string }{
		{"fields", "<form><input type=password name=p>" + strings.Repeat("<input name=code>", 20_000), ""},
		{"buttons", "<form>" + strings.Repeat("<button name=code>x</button>", 20_000), ""},
		{"radio buttons", "<form>" + strings.Repeat("<input type=radio name=a>", 20_000), ""},
		{"forms", strings.Repeat("<form><input name=code><button>x</button></form>", 200), "code"},
		{"links", strings.Repeat("<a href=/a?b>Log in</a>", 1_000), "link onwards"},
		{"a large form", "<form><input type=password name=p>" + strings.Repeat("<p>x</p>", 1_000) + strings.Repeat("<input name=code>", 20), "password"},
	} {
		page := &web.Page{URL: u, Status: 200, Header: http.Header{"Content-Type": {"text/html"}}, Body: []byte(c.body)}
		begin := time.Now()
		got := strings.Join(idp.Recognise(page, []idp.Adapter{forms.New()}), ", ")
		if took := time.Since(begin); got != c.want || took > 20*time.Second {
			t.Errorf("%s: %q after %v, want %q at once", c.name, got, took, c.want)
		}
	}
}
