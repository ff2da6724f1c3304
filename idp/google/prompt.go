package google

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

const (
	promptPause    = 3 * time.Second // between two looks
	promptWait     = time.Minute     // for one look, which Google answers late
	promptLifetime = 3 * time.Minute // where the page names none
)

// awaitPrompt waits for an answer on the phone (az) by the request that the page's script would send, and gives the
// answer's token to the page.
func awaitPrompt(ctx context.Context, s *idp.Session) error {
	if another := preferred(s, idp.Push); another != nil {
		return s.Submit(ctx, another)
	}
	p := s.Page()
	if words := complaint(p); words != "" {
		return refuse(s, idp.MFAFailed, denied, words)
	}
	token, err := promptToken(ctx, s)
	if err != nil {
		return err
	}
	if token == "" {
		return renewPrompt(ctx, s)
	}
	return s.Submit(ctx, trusted(mainForm(p).Set("token", token)))
}

// promptToken returns the token of the answer, or "" when the prompt's lifetime is over.
func promptToken(ctx context.Context, s *idp.Session) (token string, err error) {
	request, lifetime, err := promptRequest(s)
	if err != nil {
		return "", err
	}
	_, err = s.Await(ctx, idp.Wait{
		Message: promptWords(s.Page()), Every: promptPause, For: lifetime,
		Check: func(ctx context.Context) (done bool, err error) {
			token, err = lookForToken(ctx, s, request)
			return token != "", err
		},
	})
	return token, err
}

// lookForToken asks once. No answer in time and an error of the server's mean: not yet.
func lookForToken(ctx context.Context, s *idp.Session, request web.Request) (string, error) {
	wait, cancel := context.WithTimeout(ctx, promptWait)
	defer cancel()
	answer, err := s.Fetch(wait, request)
	var slow interface{ Timeout() bool }
	if errors.As(err, &slow) && slow.Timeout() {
		return "", ctx.Err()
	}
	if err != nil {
		return "", err
	}
	if answer.Status >= 400 && answer.Status < 500 {
		return "", refuse(s, idp.MFAFailed, "Google does not say whether the prompt was answered: status "+strconv.Itoa(answer.Status), "")
	}
	var said struct{ TxToken string }
	_ = json.Unmarshal(answer.Body, &said) // what cannot be read has no token
	return said.TxToken, nil
}

func promptRequest(s *idp.Session) (web.Request, time.Duration, error) {
	const prompt = "[data-tx-id]"
	p := s.Page()
	address, err := url.Parse(s.Setting("prompt_url"))
	if err != nil {
		return web.Request{}, 0, s.Unknown("the setting prompt_url is no address")
	}
	query := address.Query()
	query.Set("alt", "json")
	query.Set("key", p.Attr(prompt, "data-api-key"))
	address.RawQuery = query.Encode()
	body, err := json.Marshal(map[string]string{"txId": p.Attr(prompt, "data-tx-id")})
	lifetime := promptLifetime
	if ms, err := strconv.Atoi(p.Attr(prompt, "data-tx-lifetime")); err == nil && ms > 0 {
		lifetime = time.Duration(ms) * time.Millisecond
	}
	header := http.Header{"Content-Type": {"application/json"}, "Referer": {p.URL.String()}}
	return web.Request{Method: http.MethodPost, URL: address.String(), Header: header, Body: body}, lifetime, err
}

// renewPrompt asks what to do about a prompt that nobody answered.
func renewPrompt(ctx context.Context, s *idp.Session) error {
	var forms []*web.Form
	choice := idp.Choice{Title: late}
	offer := func(f *web.Form, label string) {
		if f != nil {
			forms = append(forms, f)
			choice.Options = append(choice.Options, idp.Option{Label: label})
		}
	}
	offer(s.Page().Form("form[data-challengeentry]"), "Send the prompt again")
	offer(anotherWay(s.Page()), "Try another way")
	choice.Options = append(choice.Options, idp.Option{Label: "Give up"})
	index, err := s.Ask.Choose(ctx, choice)
	switch {
	case errors.Is(err, idp.ErrNoAnswer), err == nil && index >= len(forms):
		return refuse(s, idp.MFAFailed, late, "")
	case err != nil:
		return err
	}
	return s.Submit(ctx, forms[index])
}

// repeatPrompt waits for an answer on the phone (dp) by sending the page's form, as its button "I have responded" does,
// until another page comes.
func repeatPrompt(ctx context.Context, s *idp.Session) error {
	if another := preferred(s, idp.Push); another != nil {
		return s.Submit(ctx, another)
	}
	told, first := "", true
	return s.Poll(ctx, promptPause, func(ctx context.Context) (bool, error) {
		p := s.Page()
		if state(p) != "dp" {
			return true, nil
		}
		if words := complaint(p); words != "" {
			return true, refuse(s, idp.MFAFailed, denied, words)
		}
		if words := promptWords(p); words != told {
			s.Ask.Tell(ctx, words)
			told = words
		}
		if first { // nobody answers at once
			first = false
			return false, nil
		}
		err := s.Submit(ctx, trusted(pressNext(mainForm(p))))
		return err == nil && state(s.Page()) != "dp", err
	})
}

// promptWords says what to do with the phone, and the number to choose there.
func promptWords(p *web.Page) string {
	words := cmp.Or(p.Text("[jsname=BCqkPb]"), "Open Google's message on your phone")
	if number := p.Text("[jsname=feLNVc], [jsname=EKvSSd]"); number != "" {
		return words + ", tap Yes, then choose " + number + "."
	}
	return words + ", then tap Yes."
}
