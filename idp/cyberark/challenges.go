package cyberark

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

// takeChallenges begins with the first of a list of challenges.
func takeChallenges(ctx context.Context, s *idp.Session) error {
	r := result(s.Page())
	for note, key := range map[string]string{sessionNote: "SessionId", tenantNote: "TenantId"} {
		if text := get(r, key).Text(); text != "" {
			s.Notes[note] = text
		}
	}
	list, err := json.Marshal(get(r, "Challenges").Raw())
	if err != nil {
		return err
	}
	s.Notes[challengesNote], s.Notes[nextNote] = string(list), "0"
	return nextChallenge(ctx, s)
}

// nextChallenge answers the next challenge in one of its ways.
func nextChallenge(ctx context.Context, s *idp.Session) error {
	next, _ := strconv.Atoi(s.Notes[nextNote])
	var list any
	if json.Unmarshal([]byte(s.Notes[challengesNote]), &list) != nil || next >= len(web.ValueOf(list).List()) {
		return s.Unknown("CyberArk wants another challenge and names none")
	}
	s.Notes[nextNote] = strconv.Itoa(next + 1)
	ways := usable(get(web.ValueOf(list).List()[next], "Mechanisms").List())
	if len(ways) == 0 {
		return s.Refuse(idp.MFAFailed, "", "none of CyberArk's ways to go on works without a browser: enrol an authenticator app or the mobile app")
	}
	chosen, err := chooseWay(ctx, s, ways)
	if err != nil {
		return err
	}
	id := get(chosen, "MechanismId").Text()
	s.Notes[mechanismNote] = id
	if strings.EqualFold(get(chosen, "AnswerType").Text(), "Text") {
		return answer(ctx, s, chosen)
	}
	s.Notes["cyberark way "+id] = get(chosen, "Name").Text()
	return advance(ctx, s, map[string]any{"Action": "StartOOB"})
}

// usable leaves out what needs a script: security keys, QR codes, frames.
func usable(all []web.Value) []web.Value {
	var ways []web.Value
	for _, way := range all {
		if contains([]string{"Text", "StartTextOob", "StartOob"}, get(way, "AnswerType").Text()) && !contains([]string{"U2F", "FIDO2", "QR", "DUO"}, get(way, "Name").Text()) {
			ways = append(ways, way)
		}
	}
	return ways
}

func chooseWay(ctx context.Context, s *idp.Session, ways []web.Value) (web.Value, error) {
	if len(ways) == 1 {
		return ways[0], nil
	}
	c := idp.Choice{Title: "How do you want to go on?"}
	for _, way := range ways {
		label := cmp.Or(get(way, "PromptSelectMech").Text(), get(way, "Name").Text())
		if at := get(way, "PartialDeviceAddress", "PartialAddress", "PartialPhoneNumber").Text(); at != "" && !strings.Contains(label, at) {
			label += " " + at
		}
		c.Options = append(c.Options, idp.Option{Label: label, Factor: factorOf(get(way, "Name").Text())})
	}
	i, err := s.Ask.Choose(ctx, c)
	if err != nil {
		return web.Value{}, err
	}
	return ways[i], nil
}

// factorOf returns the factor that a mechanism is; "" for the password.
func factorOf(name string) idp.Factor {
	return map[string]idp.Factor{
		"OATH": idp.TOTP, "SMS": idp.SMS, "EMAIL": idp.Email, "OTP": idp.Push, "PF": idp.Call, "SQ": idp.Security, "RADIUS": idp.Token,
	}[strings.ToUpper(name)]
}

// answer types what a mechanism wants typed. After a password that was refused it asks for another one.
func answer(ctx context.Context, s *idp.Session, way web.Value) error {
	name := strings.ToUpper(get(way, "Name").Text())
	q := idp.Question{Kind: idp.Code, Factor: cmp.Or(factorOf(name), idp.Token), Label: get(way, "PromptMechChosen").Text()}
	switch name {
	case "UP":
		q = idp.Question{Kind: idp.Password, Refused: s.Notes[refusedNote]}
	case "SQ":
		q.Kind = idp.Answer
	}
	text, err := s.Ask.Ask(ctx, q)
	if err != nil {
		return err
	}
	return advance(ctx, s, map[string]any{"Action": "Answer", "Answer": text})
}

func advance(ctx context.Context, s *idp.Session, body map[string]any) error {
	return send(ctx, s, "/Security/AdvanceAuthentication", advanceBody(s, body))
}

func advanceBody(s *idp.Session, body map[string]any) map[string]any {
	body["TenantId"], body["SessionId"], body["MechanismId"], body["PersistentLogin"] = s.Notes[tenantNote], s.Notes[sessionNote], s.Notes[mechanismNote], true
	return body
}

const (
	pollPause = 2 * time.Second
	pollTime  = 110 * time.Second
)

// await waits for what happens on a phone or behind a link. A code that was sent may be typed as well.
func await(ctx context.Context, s *idp.Session) error {
	way := s.Notes["cyberark way "+s.Notes[mechanismNote]]
	if factor := factorOf(way); factor == idp.SMS || factor == idp.Email {
		code, err := s.Ask.Ask(ctx, idp.Question{Kind: idp.Code, Factor: factor})
		if err == nil {
			return advance(ctx, s, map[string]any{"Action": "Answer", "Answer": code})
		}
		if !errors.Is(err, idp.ErrNoAnswer) || factor == idp.SMS {
			return err
		}
	}
	shown := ""
	show := func() {
		if number := get(result(s.Page()), "GeneratedAuthValue").Text(); number != "" && number != shown {
			shown = number
			s.Ask.Tell(ctx, "Choose "+number+" in the CyberArk app.")
		}
	}
	show()
	words := "Answer on your phone."
	if shown != "" {
		words = ""
	}
	answered, err := s.Await(ctx, idp.Wait{Message: words, Every: pollPause, For: pollTime, Later: true, Check: func(ctx context.Context) (bool, error) {
		if err := advance(ctx, s, map[string]any{"Action": "Poll"}); err != nil {
			return false, err
		}
		show()
		return !summary("OobPending")(s.Page()), nil
	}})
	if err == nil && !answered {
		err = s.Refuse(idp.MFAFailed, "", "nobody answered in time")
	}
	return err
}

// refuseAnswer starts again after a refused password, since the refusal ends the session; anything else ends the walk.
func refuseAnswer(ctx context.Context, s *idp.Session) error {
	words := cmp.Or(message(s.Page()), "the request was rejected or has expired")
	if s.Notes[nextNote] != "1" || s.Notes["cyberark way "+s.Notes[mechanismNote]] != "" || s.Notes[elevatedNote] != "" {
		return s.Refuse(idp.MFAFailed, "", words)
	}
	s.Notes[refusedNote] = words
	return authenticate(ctx, s)
}
