package entra

import (
	"crypto/rand"
	"net/http"
)

// advance shows what comes next between the password and the application; a number is the code of a refusal.
func (f *Fake) advance(w http.ResponseWriter, r *http.Request, k *flow) {
	if len(k.stages) == 0 {
		f.finish(w, r, k)
		return
	}
	stage := k.stages[0]
	k.stages = k.stages[1:]
	switch stage {
	case "factor":
		f.askFactor(w, r, k, "50076")
	case "registration":
		f.show(w, r, k, "ConvergedProofUpRedirect", map[string]any{"hpgid": 1121, "iRemainingDaysToSkipMfaRegistration": 9, "sErrorCode": "50079",
			"urlSkipMfaRegistration": at(r, login, tenant+"/skipmfaregistration?ctx="+k.session), "urlPost": "https://mysignins.microsoft.com/register"})
	case "continue":
		f.show(w, r, k, "CmsiInterrupt", map[string]any{"urlPost": "/appverify", "sErrorCode": "50199"})
	case "device":
		k.renew()
		k.page = stage
		form(w, at(r, device, "/common/DeviceAuthTls"), map[string]string{"ctx": k.ctx, "flowtoken": k.token})
	case "new password":
		f.show(w, r, k, "ConvergedChangePassword", map[string]any{"urlPost": tenant + "/changepassword"})
	case "stay":
		f.show(w, r, k, "KmsiInterrupt", map[string]any{"urlPost": "/kmsi", "hpgid": 1115, "sPOST_Username": k.user.name})
	default:
		f.fail(w, r, k, stage)
	}
}

func (f *Fake) skipRegistration(w http.ResponseWriter, r *http.Request, k *flow) {
	if f.demand(w, r, k, k.page == "ConvergedProofUpRedirect" && r.FormValue("ctx") == k.session, "comes from "+k.page) {
		f.advance(w, r, k)
	}
}

// deviceAuth would see the certificate of a managed device. It knows no cookies, being another host.
func (f *Fake) deviceAuth(w http.ResponseWriter, r *http.Request) {
	form(w, at(r, login, "/common/DeviceAuthTls/reprocess"), map[string]string{"ctx": r.PostFormValue("ctx"), "flowtoken": r.PostFormValue("flowtoken")})
}

func (f *Fake) afterDevice(w http.ResponseWriter, r *http.Request, k *flow) {
	good := k.page == "device" && r.PostFormValue("ctx") == k.ctx && r.PostFormValue("flowtoken") == k.token
	if f.demand(w, r, k, good, "the form of the device's host is changed") {
		f.advance(w, r, k)
	}
}

func (f *Fake) verifyApp(w http.ResponseWriter, r *http.Request, k *flow) {
	if f.returned(w, r, k, "CmsiInterrupt", map[string]string{"ContinueAuth": "true", "iscsrfspeedbump": "false"}) {
		f.advance(w, r, k)
	}
}

func (f *Fake) stay(w http.ResponseWriter, r *http.Request, k *flow) {
	if f.returned(w, r, k, "KmsiInterrupt", map[string]string{"LoginOptions": "1", "type": "28"}) {
		http.SetCookie(w, &http.Cookie{Name: "ESTSAUTHPERSISTENT", Value: rand.Text(), Path: "/", MaxAge: 90 * 24 * 3600, HttpOnly: true})
		f.advance(w, r, k)
	}
}

// finish opens a session. The way of a linked sign-in goes by My Apps, which asks for the application by itself.
func (f *Fake) finish(w http.ResponseWriter, r *http.Request, k *flow) {
	id := rand.Text()
	f.sessions[id], k.page = k.user.name, "done"
	http.SetCookie(w, &http.Cookie{Name: "ESTSAUTH", Value: id, Path: "/", HttpOnly: true})
	if k.linked {
		form(w, at(r, apps, "/applications/"), map[string]string{"code": "0.code." + rand.Text(), "id_token": "eyJ." + id, "state": state, "session_state": rand.Text()})
		return
	}
	f.release(w, k.user.name)
}
