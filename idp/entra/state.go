package entra

import (
	"encoding/json"
	"net/url"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

// Notes of a walk.
const (
	stateNote  = "entra state"  // the $Config of the last page that a person would see
	placeNote  = "entra place"  // its address
	methodNote = "entra method" // the second factor's
	codeNote   = "entra code"   // the code that was sent for it
	beginNote  = "entra begin"  // when, in milliseconds
	deviceNote = "entra device" // the sign-in by phone
	wrongNote  = "entra wrong"  // a letter for each password that was refused
	missedNote = "entra missed" // and for each code
)

// keep notes the state of the walk and returns it: all that a page for people says, or the newest tokens out of an
// answer of the API, which repeats nothing else.
func keep(s *idp.Session) web.Value {
	c := config(s.Page())
	if !c.Exists() {
		return learn(s, s.Page().JSON())
	}
	s.Notes[placeNote] = s.Page().URL.String()
	return note(s, c.Raw())
}

// learn takes the newest tokens out of an answer of the API; what it does not name stays as it was.
func learn(s *idp.Session, answer web.Value) web.Value {
	state, _ := kept(s).Raw().(map[string]any)
	for key, name := range map[string]string{"sFT": "FlowToken", "sCtx": "Ctx", "apiCanary": "apiCanary", sasSession: "SessionId"} {
		if value := answer.At(name).Text(); value != "" && state != nil {
			state[key] = value
		}
	}
	return note(s, state)
}

// sasSession is the name by which the state has the session of a second factor, which is not that of the page.
const sasSession = "sasSession"

func note(s *idp.Session, state any) web.Value {
	data, _ := json.Marshal(state) // which was read from JSON
	s.Notes[stateNote] = string(data)
	return kept(s)
}

func kept(s *idp.Session) web.Value {
	var raw any
	_ = json.Unmarshal([]byte(s.Notes[stateNote]), &raw) // what note has written
	return web.ValueOf(raw)
}

// fields returns what every form of a page has, some of it under names that the page gives.
func fields(c web.Value) url.Values {
	f := url.Values{"ctx": {c.At("sCtx").Text()}, "hpgrequestid": {c.At("sessionId").Text()}, "i19": {"1000"}}
	f.Set(orDefault(c.At("sFTName").Text(), "flowToken"), c.At("sFT").Text())
	f.Set(orDefault(c.At("sCanaryTokenName").Text(), "canary"), c.At("canary").Text())
	return f
}

func orDefault(value, otherwise string) string {
	if value != "" {
		return value
	}
	return otherwise
}
