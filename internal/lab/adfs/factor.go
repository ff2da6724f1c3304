package adfs

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/samlcli/samlcli/internal/lab"
)

const (
	azure     = "AzureMfaAuthentication"
	azureCode = "AzureMfaAuthentication with a code"
)

// askFactor shows the page of the user's second factor, under a new context.
func (f *Fake) askFactor(w http.ResponseWriter, k *flow, refused string) {
	method, _, _ := strings.Cut(k.user.factor, " ")
	k.context = "<EncryptedData xmlns=\"http://www.w3.org/2001/04/xmlenc#\">" + rand.Text() + "+/=</EncryptedData>"
	fields := ""
	if k.page != "token" { // which the first agent of version 2 does not show yet
		k.page = "factor"
	}
	switch {
	case k.user.factor == azureCode:
		fields = `<input id="verificationCodeInput" name="VerificationCode" type="text" placeholder="Verification code" class="text" autocomplete="off" />`
	case method == azure:
		number := ""
		if k.looks > 0 { // the number comes with the second page
			number = `<p id="validEntropyNumber">42</p>`
		}
		fields = `<p id="instructions">Approve the request on your phone.</p>` + number
	case method == "SecurIDv2Authentication" && k.page != "token":
		fields = `<p id="instructions">Please wait.</p>`
	case strings.HasPrefix(method, "SecurID"):
		fields = `<input id="passcodeInput" name="Passcode" type="password" class="text" autocomplete="off" /><input id="submitButton" type="submit" name="Submit" value="Submit" />`
	default:
		fields = `<input id="security_code" name="security_code" type="text" class="text" autocomplete="off" />`
	}
	show(w, "Sign In", fmt.Sprintf(`<div id="authArea"><div id="mfaGreetingDescription">For security reasons, we require additional information.</div><label id="errorText">%s</label>
<form method="post" id="loginForm" autocomplete="off"><input id="authMethod" type="hidden" name="AuthMethod" value="%s"/><input id="context" type="hidden" name="Context" value="%s"/>%s</form></div>%s`,
		refused, method, strings.NewReplacer("<", "&lt;", ">", "&gt;", `"`, "&quot;").Replace(k.context), fields, options(k)))
}

// factor takes a second factor's page back.
func (f *Fake) factor(w http.ResponseWriter, r *http.Request, k *flow) {
	method, _, _ := strings.Cut(k.user.factor, " ")
	fields := map[string]string{"AuthMethod": method, "Context": k.context}
	name := map[string]string{azureCode: "VerificationCode", "SecurIDAuthentication": "Passcode", "SecurIDv2Authentication": "Passcode", "VIPAuthenticationProviderUPN": "security_code"}[k.user.factor]
	if method == "SecurIDv2Authentication" && k.page != "token" {
		f.want(r, fields)
		k.page = "token"
		f.askFactor(w, k, "")
		return
	}
	code := r.PostFormValue(name)
	if name != "" {
		fields[name] = code
		if q := r.PostFormValue("ChallengeQuestionAnswer"); name == "Passcode" && q != "" {
			fields["ChallengeQuestionAnswer"] = code
		}
	}
	f.want(r, fields)
	switch {
	case name == "":
		f.look(w, r, k)
	case f.rightCode(code):
		f.signIn(w, k.user)
	default:
		if f.tried[name+code] {
			f.complain(r, "the same wrong code again")
		}
		f.tried[name+code] = true
		f.askFactor(w, k, "The code is wrong. Try again.")
	}
}

func (f *Fake) rightCode(code string) bool {
	now := f.o.Lab.Now()
	return code != "" && (code == lab.Code(lab.AliceSeed, now) || code == lab.Code(lab.AliceSeed, now.Add(-30*time.Second)))
}

// look answers whether the person has answered on the phone.
func (f *Fake) look(w http.ResponseWriter, r *http.Request, k *flow) {
	now := f.o.Lab.Now()
	if k.looks++; k.looks > 1 && now.Sub(k.looked) < f.o.Pause*9/10 {
		f.complain(r, "looks too soon")
	}
	k.looked = now
	switch {
	case f.answered == "42":
		f.signIn(w, k.user)
	case f.answered != "":
		f.fail(w, "The authentication attempt has failed. The request was denied.")
	default:
		f.askFactor(w, k, "")
	}
}

// windows takes Windows sign-on: a name by NTLM, in three legs on one connection. The proof of the password is not checked.
func (f *Fake) windows(w http.ResponseWriter, r *http.Request) {
	token, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(r.Header.Get("Authorization"), "NTLM "))
	kind := uint32(0)
	if err == nil && len(token) >= 12 && string(token[:8]) == "NTLMSSP\x00" {
		kind = binary.LittleEndian.Uint32(token[8:])
	}
	switch {
	case strings.HasPrefix(r.Header.Get("Authorization"), "Basic"):
		f.complain(r, "the password in the clear, and nobody asked")
		w.WriteHeader(http.StatusUnauthorized)
	case kind == 1:
		f.challenged[r.RemoteAddr] = true
		w.Header().Set("WWW-Authenticate", "NTLM "+base64.StdEncoding.EncodeToString(challenge()))
		w.WriteHeader(http.StatusUnauthorized)
	case kind == 3:
		if !f.challenged[r.RemoteAddr] {
			f.complain(r, "the third leg on another connection")
		}
		u := f.users[strings.ToLower(ntlmField(token, 36))+"@example.com"]
		if u == nil {
			u = f.users[strings.ToLower(ntlmField(token, 36))]
		}
		if u == nil {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		f.signIn(w, u)
	default:
		w.Header().Add("WWW-Authenticate", "Negotiate")
		w.Header().Add("WWW-Authenticate", "NTLM")
		w.WriteHeader(http.StatusUnauthorized)
	}
}

// challenge is the second message of NTLM (MS-NLMP, section 2.2.1.2), with a target and nothing else.
func challenge() []byte {
	target := utf16le("EXAMPLE")
	info := append(append([]byte{2, 0, byte(len(target)), 0}, target...), 0, 0, 0, 0) // MsvAvNbDomainName, MsvAvEOL
	m := append([]byte("NTLMSSP\x00"), 2, 0, 0, 0)
	field := func(n, at int) []byte { return []byte{byte(n), 0, byte(n), 0, byte(at), 0, 0, 0} }
	m = append(m, field(len(target), 56)...)
	m = binary.LittleEndian.AppendUint32(m, 0x00828201|0x80000|0x800000) // unicode, NTLM, extended security, target info
	m = append(m, "12345678"...)
	m = append(m, make([]byte, 8)...)
	m = append(m, field(len(info), 56+len(target))...)
	m = append(m, 10, 0, 0x63, 0x45, 0, 0, 0, 15)
	return append(append(m, target...), info...)
}

func utf16le(s string) []byte {
	var b []byte
	for _, unit := range utf16.Encode([]rune(s)) {
		b = binary.LittleEndian.AppendUint16(b, unit)
	}
	return b
}

// ntlmField reads one of a message's texts: its length and its place stand at an offset.
func ntlmField(token []byte, offset int) string {
	if len(token) < offset+8 {
		return ""
	}
	length, place := int(binary.LittleEndian.Uint16(token[offset:])), int(binary.LittleEndian.Uint32(token[offset+4:]))
	if place+length > len(token) {
		return ""
	}
	var units []uint16
	for i := place; i+1 < place+length; i += 2 {
		units = append(units, binary.LittleEndian.Uint16(token[i:]))
	}
	return string(utf16.Decode(units))
}
