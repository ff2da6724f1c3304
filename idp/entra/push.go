package entra

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

// await asks again and again whether the person has answered on the phone. A number above 0 is to be chosen there.
func await(ctx context.Context, s *idp.Session, number string) error {
	c, method := kept(s), s.Notes[methodNote]
	message := "Approve the sign-in in the Authenticator app."
	switch {
	case factorOf(method) == idp.Call:
		message = "Answer the call and press #."
	case number != "" && number != "0":
		message = "Choose " + number + " in the Authenticator app."
	}
	var last web.Value
	p := poller{}
	answered, err := s.Await(ctx, idp.Wait{
		Message: message, Every: pollPause(c, method), For: milliseconds(c.At("iPollingTimeout"), 2*time.Minute),
		Growth: c.At("iPollingBackoffInterval").Number(), Later: true,
		Check: func(ctx context.Context) (done bool, err error) {
			last, err = p.look(ctx, s)
			return err == nil && decided(last), err
		},
	})
	switch {
	case err != nil:
		return err
	case !answered:
		return s.Refuse(idp.MFAFailed, "", "nobody answered on the phone in time")
	case last.At("Success").Text() != "true":
		return refuseResult(s, last)
	}
	return process(ctx, s, url.Values{"mfaLastPollStart": {p.begin}, "mfaLastPollEnd": {p.end}})
}

// decided reports whether an answer ends the wait. One that cannot be read does not.
func decided(answer web.Value) bool {
	result := answer.At("ResultValue").Text()
	switch {
	case !answer.Exists() || result == "AuthenticationPending":
		return false
	case answer.At("Retry").Text() == "true":
		return meaning(result) != ""
	}
	return true
}

// pollPause is how long to wait between two looks: the page says it for a method in seconds, else for all of them.
func pollPause(c web.Value, method string) time.Duration {
	if seconds := c.At("oPerAuthPollingInterval", method).Number(); seconds > 0 {
		return time.Duration(seconds * float64(time.Second))
	}
	return milliseconds(c.At("iPollingInterval"), 5*time.Second)
}

// milliseconds reads a time that some pages give in seconds: its size tells.
func milliseconds(v web.Value, otherwise time.Duration) time.Duration {
	switch n := v.Number(); {
	case n <= 0:
		return otherwise
	case n < 1000:
		return time.Duration(n * float64(time.Second))
	default:
		return time.Duration(n * float64(time.Millisecond))
	}
}

func inMilliseconds(t time.Time) string { return strconv.FormatInt(t.UnixMilli(), 10) }

// A poller knows the looks that were taken.
type poller struct {
	count      int
	begin, end string // of the last, in milliseconds
	old        bool   // the server wants looks by POST
}

func (p *poller) look(ctx context.Context, s *idp.Session) (web.Value, error) {
	u, err := endpoint(s, kept(s).At("urlEndAuth").Text())
	if err != nil {
		return web.Value{}, err
	}
	p.count++
	begin := s.Now()
	page, err := s.Fetch(ctx, p.request(s, *u))
	if err == nil && !p.old && (page.Status == http.StatusNotFound || page.Status == http.StatusMethodNotAllowed) {
		p.old = true
		page, err = s.Fetch(ctx, p.request(s, *u))
	}
	if err != nil {
		return web.Value{}, err
	}
	p.begin, p.end = inMilliseconds(begin), inMilliseconds(s.Now())
	learn(s, page.JSON())
	return page.JSON(), nil
}

func (p *poller) request(s *idp.Session, u url.URL) web.Request {
	if p.old {
		return request(s, &u, endAuth(s, p.count))
	}
	query := u.Query()
	query.Set("authMethodId", s.Notes[methodNote])
	query.Set("pollCount", strconv.Itoa(p.count))
	if p.begin != "" {
		query.Set("lastPollStart", p.begin)
		query.Set("lastPollEnd", p.end)
	}
	u.RawQuery = query.Encode()
	c := kept(s)
	header := http.Header{"Accept": {"application/json"}}
	sign(s, header)
	header.Set("x-ms-ctx", c.At("sCtx").Text())
	header.Set("x-ms-flowToken", c.At("sFT").Text())
	header.Set("x-ms-sessionId", c.At(sasSession).Text())
	return web.Request{Method: http.MethodGet, URL: u.String(), Header: header}
}
