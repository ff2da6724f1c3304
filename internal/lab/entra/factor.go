package entra

import (
	"crypto/rand"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/samlcli/samlcli/internal/lab"
)

// A factor is a second factor under way.
type factor struct {
	method, session string
	begun           bool
	number, looks   int
	looked          time.Time     // when the browser last asked about it
	pause           time.Duration // before it may ask again: longer every time
	wrong           int
	passed          bool
}

const (
	looksOfPatience = 20   // then nobody is thought to answer
	growth          = 1.04 // of the pause between two looks
	codeTries       = 3
)

// askFactor shows the second factors of a user.
func (f *Fake) askFactor(w http.ResponseWriter, r *http.Request, k *flow, code string) {
	var proofs []map[string]any
	for i, method := range k.user.proofs {
		proofs = append(proofs, map[string]any{"authMethodId": method, "data": method, "display": "+XX XXXXXX89", "isDefault": i == 0, "isLocationAware": false})
	}
	pause := f.pause.Seconds()
	k.factor = factor{}
	f.show(w, r, k, factorPage, map[string]any{
		"hpgid": 1114, "arrUserProofs": proofs, "sErrorCode": code, "sPOST_Username": k.user.name, "urlPost": "/common/SAS/ProcessAuth",
		"urlFidoLogin": at(r, keys, tenant+"/fido/get?uiflavor=Web"), "urlBeginAuth": at(r, login, "/common/SAS/BeginAuth"), "urlEndAuth": at(r, login, "/common/SAS/EndAuth"),
		"oPerAuthPollingInterval": map[string]any{"PhoneAppNotification": pause, "TwoWayVoiceMobile": pause},
		"iPollingInterval":        5000, "iPollingTimeout": 120000, "sTrustedDeviceCheckboxName": "rememberMFA", "iRememberMfaDuration": 14,
	})
}

// beginAuth begins a factor: once, since every time another message goes out.
func (f *Fake) beginAuth(w http.ResponseWriter, r *http.Request, k *flow) {
	want := map[string]any{"Method": "BeginAuth", "Ctx": k.ctx, "FlowToken": k.token}
	body, good := f.called(w, r, k, factorPage, want)
	if !good {
		return
	}
	if k.factor.begun {
		f.complain(r, "a second time")
	}
	method, _ := body["AuthMethodId"].(string)
	if !slices.Contains(k.user.proofs, method) || method == "FidoKey" {
		f.complain(r, "%q is no method of the user", method)
		answer(w, map[string]any{"Success": false, "ResultValue": "AuthenticationMethodNotConfigured", "AuthMethodId": method})
		return
	}
	k.renew()
	k.factor = factor{method: method, session: rand.Text(), begun: true, looked: f.lab.Now(), pause: f.pause}
	switch method {
	case "PhoneAppNotification":
		k.factor.number = 42
	case "OneWaySMS", "ConsolidatedTelephony":
		f.message = "271828"
	}
	f.answerSAS(w, k, true, "Success", k.factor.number)
}

func (f *Fake) answerSAS(w http.ResponseWriter, k *flow, success bool, result string, number int) {
	a := map[string]any{"Success": success, "ResultValue": result, "Message": nil, "AuthMethodId": k.factor.method, "ErrCode": 0, "Retry": result == "AuthenticationPending"}
	if result != "AuthenticationPending" { // which has no tokens
		a["FlowToken"], a["Ctx"], a["SessionId"], a["CorrelationId"], a["Entropy"] = k.token, k.ctx, k.factor.session, k.correlation, number
	}
	answer(w, a)
}

// endAuth takes a code by POST, and by GET is asked whether the person has answered on the phone.
func (f *Fake) endAuth(w http.ResponseWriter, r *http.Request, k *flow) {
	if r.Method == http.MethodGet {
		f.look(w, r, k)
		return
	}
	want := map[string]any{"Method": "EndAuth", "AuthMethodId": k.factor.method, "Ctx": k.ctx, "FlowToken": k.token, "SessionId": k.factor.session}
	body, good := f.called(w, r, k, factorPage, want)
	if !good {
		return
	}
	code, _ := body["AdditionalAuthData"].(string)
	if f.rightCode(k.factor.method, code) {
		k.renew()
		k.factor.passed = true
		f.answerSAS(w, k, true, "Success", 0)
		return
	}
	if k.factor.wrong++; k.factor.wrong > codeTries {
		f.complain(r, "too many codes")
	}
	if k.factor.method == "PhoneAppOTP" { // whose refusal comes without new tokens
		answer(w, map[string]any{"Success": false, "ResultValue": "OathCodeIncorrect", "AuthMethodId": k.factor.method, "ErrCode": 500121, "Retry": false})
		return
	}
	k.renew()
	f.answerSAS(w, k, false, "SMSAuthFailedWrongCodeEntered", 0)
}

func (f *Fake) rightCode(method, code string) bool {
	if method != "PhoneAppOTP" {
		return code == f.message
	}
	now := f.lab.Now()
	return code != "" && (code == lab.Code(lab.AliceSeed, now) || code == lab.Code(lab.AliceSeed, now.Add(-30*time.Second)))
}

// look answers whether the person has answered, which must be asked with the newest tokens, and not too often.
func (f *Fake) look(w http.ResponseWriter, r *http.Request, k *flow) {
	p, now := &k.factor, f.lab.Now()
	query, h := r.URL.Query(), r.Header
	p.looks++
	if query.Get("authMethodId") != p.method || query.Get("pollCount") != strconv.Itoa(p.looks) || query.Has("lastPollStart") != (p.looks > 1) {
		f.complain(r, "asks %q the %d. time", r.URL.RawQuery, p.looks)
	}
	if h.Get("x-ms-ctx") != k.ctx || h.Get("x-ms-flowToken") != k.token || h.Get("x-ms-sessionId") != p.session {
		f.complain(r, "the headers have not the newest tokens")
	}
	for _, name := range unsigned(r, k) {
		f.complain(r, "the header %s is not the page's", name)
	}
	if now.Sub(p.looked) < p.pause*9/10 {
		f.complain(r, "too soon")
	}
	p.looked, p.pause = now, time.Duration(float64(p.pause)*growth)
	right := strconv.Itoa(p.number)
	if p.number == 0 {
		right = "#"
	}
	switch {
	case f.answered == right:
		k.renew()
		p.passed = true
		f.answerSAS(w, k, true, "Success", p.number)
	case f.answered != "":
		f.answerSAS(w, k, false, "PhoneAppDenied", 0)
	case p.looks >= looksOfPatience:
		f.answerSAS(w, k, false, "PhoneAppNoResponse", 0)
	default:
		f.answerSAS(w, k, false, "AuthenticationPending", 0)
	}
}

// processAuth takes a factor that has passed back to the sign-in.
func (f *Fake) processAuth(w http.ResponseWriter, r *http.Request, k *flow) {
	method, kind := k.factor.method, "22"
	switch method {
	case "PhoneAppOTP":
		kind = "19"
	case "OneWaySMS", "ConsolidatedTelephony":
		method, kind = "OneWaySMS", "18"
	}
	want := map[string]string{"request": k.ctx, "login": k.user.name, "mfaAuthMethod": method, "type": kind, "rememberMFA": "true", "sacxt": "", "hideSmsInMfaProofs": "false"}
	if !f.returned(w, r, k, factorPage, want) {
		return
	}
	if !k.factor.passed || r.PostFormValue("mfaLastPollStart") == "" || r.PostFormValue("mfaLastPollEnd") == "" || kind == "22" == r.PostForm.Has("otc") {
		f.complain(r, "without a factor that has passed, when that was, and its code")
		f.askFactor(w, r, k, "500121")
		return
	}
	f.advance(w, r, k)
}
