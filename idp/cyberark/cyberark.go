// Package cyberark signs in at CyberArk Identity, formerly Idaptive and Centrify, by the API that its own command line clients
// use: its login page is a script.
package cyberark

import (
	"cmp"
	"context"
	"net/url"
	"strings"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

const (
	startPath    = "/security/startauthentication"
	advancePath  = "/security/advanceauthentication"
	elevatePath  = "/security/startchallenge"
	appClickPath = "/uprest/handleappclick"
)

// New returns the adapter.
func New() idp.Adapter {
	return idp.Adapter{
		Name: "cyberark", Title: "CyberArk Identity (Idaptive, Centrify)",
		Settings: []idp.Setting{
			{Key: "app_key", Help: "the application's key, where the address does not have it"},
			{Key: "tenant_id", Help: "the tenant's id, where the address's customerId is not it"},
		},
		Claims: func(u *url.URL) bool { return appKey(u) != "" },
		Start:  start,
		Steps: []idp.Step{
			{Name: "cyberark no answer", On: isHTML, Do: refuseHTML},
			{Name: "cyberark pod", On: says("PodFqdn"), Do: goToPod, Tries: 3},
			{Name: "cyberark federated", On: says("IdpRedirectUrl", "IdpRedirectShortUrl"), Do: goToProvider},
			{Name: "cyberark challenges", On: says("Challenges"), Do: takeChallenges, Tries: 5},
			{Name: "cyberark next challenge", On: summary("StartNextChallenge", "NewPackage"), Do: nextChallenge, Tries: 5},
			{Name: "cyberark out of band", On: summary("OobPending"), Do: await, Tries: 3},
			{Name: "cyberark signed in", On: summary("LoginSuccess", "NonInteractiveLogin"), Do: openApplication, Tries: 2},
			{Name: "cyberark step-up", On: wantsMore, Do: stepUp},
			{Name: "cyberark user refused", On: fails(startPath, elevatePath), Do: refuseUser},
			{Name: "cyberark answer refused", On: fails(advancePath), Do: refuseAnswer, Tries: 3},
			{Name: "cyberark application refused", On: isRefusedApp, Do: refuseApp},
			{Name: "cyberark unknown answer", On: isUnknown, Do: unknownAnswer},
		},
	}
}

// api reports whether a page is an answer of one of the paths, in whatever case hosts write them.
func api(p *web.Page, paths ...string) bool {
	for _, path := range paths {
		if strings.EqualFold(p.Path(), path) {
			return true
		}
	}
	return false
}

// get reads one of the keys of a JSON object, whose capitals differ from host to host.
func get(v web.Value, keys ...string) web.Value {
	object, _ := v.Raw().(map[string]any)
	for _, key := range keys {
		for name, value := range object {
			if strings.EqualFold(name, key) && value != nil {
				return web.ValueOf(value)
			}
		}
	}
	return web.Value{}
}

func succeeds(p *web.Page) bool { return get(p.JSON(), "success").Text() == "true" }

func result(p *web.Page) web.Value { return get(p.JSON(), "Result") }

func answers(p *web.Page) bool { return api(p, startPath, advancePath, elevatePath) && p.IsJSON() }

// says knows an answer by the first of its keys that decides what comes next.
func says(keys ...string) func(*web.Page) bool {
	return func(p *web.Page) bool {
		if !answers(p) || !succeeds(p) {
			return false
		}
		for _, key := range []string{"PodFqdn", "IdpRedirectUrl", "IdpRedirectShortUrl", "Challenges"} {
			if v := get(result(p), key); v.Text() != "" || len(v.List()) > 0 {
				return contains(keys, key)
			}
		}
		return false
	}
}

func contains(words []string, word string) bool {
	for _, w := range words {
		if strings.EqualFold(w, word) {
			return true
		}
	}
	return false
}

func other(p *web.Page) bool {
	return says("PodFqdn", "IdpRedirectUrl", "IdpRedirectShortUrl", "Challenges")(p)
}

// summary knows an answer by its summary, where no other of its keys decides.
func summary(words ...string) func(*web.Page) bool {
	return func(p *web.Page) bool {
		return answers(p) && succeeds(p) && !other(p) && contains(words, get(result(p), "Summary").Text())
	}
}

func isUnknown(p *web.Page) bool {
	return answers(p) && succeeds(p) && !other(p) && !summary("StartNextChallenge", "NewPackage", "OobPending", "LoginSuccess", "NonInteractiveLogin")(p)
}

func fails(paths ...string) func(*web.Page) bool {
	return func(p *web.Page) bool { return api(p, paths...) && p.IsJSON() && !succeeds(p) }
}

func isHTML(p *web.Page) bool { return api(p, startPath, advancePath, elevatePath) && !p.IsJSON() }

// appKey finds the application's key in an address: /applogin/appKey/KEY/customerId/ID, or /run?appkey=KEY&customerId=ID.
func appKey(u *url.URL) string { return inAddress(u, "appkey") }

func inAddress(u *url.URL, key string) string {
	words := strings.Split(strings.Trim(u.Path, "/"), "/")
	if strings.EqualFold(words[0], "applogin") {
		for i := 1; i+1 < len(words); i += 2 {
			if strings.EqualFold(words[i], key) {
				return words[i+1]
			}
		}
	}
	if strings.EqualFold(words[0], "run") {
		for name, values := range u.Query() {
			if strings.EqualFold(name, key) {
				return values[0]
			}
		}
	}
	return ""
}

// Notes of a walk.
const (
	hostNote       = "cyberark host" // scheme and host of the pod
	sessionNote    = "cyberark session"
	tenantNote     = "cyberark tenant"
	challengesNote = "cyberark challenges"
	nextNote       = "cyberark next"
	mechanismNote  = "cyberark mechanism"
	refusedNote    = "cyberark refused"
	elevatedNote   = "cyberark elevated"
	doneNote       = "cyberark done"
)

// start opens the application with the cookies of the last time, and signs in where that is not enough.
func start(ctx context.Context, s *idp.Session) error {
	u, err := web.Resolve(nil, s.Account.URL)
	if err != nil {
		return &web.UnsafeError{Reason: "the address cannot be read"}
	}
	if cmp.Or(s.Setting("app_key"), appKey(u)) == "" {
		return &idp.SettingError{Adapter: "cyberark", Key: "app_key"}
	}
	s.Notes[hostNote] = u.Scheme + "://" + u.Host
	if bearer(s) != "" {
		if err := openApplication(ctx, s); err != nil || s.Page().Has("[name=SAMLResponse]") || wantsMore(s.Page()) {
			return err
		}
	}
	delete(s.Notes, doneNote)
	return authenticate(ctx, s)
}

// authenticate asks which challenges there are for the user.
func authenticate(ctx context.Context, s *idp.Session) error {
	name, err := s.Username(ctx)
	if err != nil {
		return err
	}
	body := map[string]any{"User": name, "Version": "1.0"}
	u, _ := web.Resolve(nil, s.Account.URL) // start has read it
	if tenant := cmp.Or(s.Setting("tenant_id"), inAddress(u, "customerid")); tenant != "" {
		body["TenantId"] = tenant
	}
	return send(ctx, s, "/Security/StartAuthentication", body)
}

func goToPod(ctx context.Context, s *idp.Session) error {
	scheme, _, _ := strings.Cut(s.Notes[hostNote], "://")
	s.Notes[hostNote] = scheme + "://" + get(result(s.Page()), "PodFqdn").Text()
	return authenticate(ctx, s)
}

func goToProvider(ctx context.Context, s *idp.Session) error {
	return s.Open(ctx, get(result(s.Page()), "IdpRedirectUrl", "IdpRedirectShortUrl").Text())
}

// send asks the API at the pod. Without the first two headers it answers with pages for browsers.
func send(ctx context.Context, s *idp.Session, path string, body map[string]any) error {
	return s.Visit(ctx, request(s, path, body))
}

func request(s *idp.Session, path string, body map[string]any) web.Request {
	r := web.PostJSON(s.Notes[hostNote]+path, body)
	r.Header.Set("X-CENTRIFY-NATIVE-CLIENT", "true")
	r.Header.Set("X-IDAP-NATIVE-CLIENT", "true")
	r.Header.Set("Cache-Control", "no-cache")
	if token := bearer(s); token != "" && !strings.HasPrefix(strings.ToLower(path), "/security/startauth") {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	return r
}

// bearer returns the cookie of a session, which is its token too.
func bearer(s *idp.Session) string {
	u, err := web.Resolve(nil, s.Notes[hostNote]+"/")
	if err != nil {
		return ""
	}
	token, _ := s.Cookie(u, ".ASPXAUTH")
	return token
}

func refuseHTML(_ context.Context, s *idp.Session) error {
	return s.Unknown(s.Page().Host() + " is no tenant of CyberArk Identity, or a proxy answered for it")
}

func unknownAnswer(_ context.Context, s *idp.Session) error {
	return s.Unknown("CyberArk's answer is unknown here: " + cmp.Or(get(result(s.Page()), "Summary").Text(), "no summary"))
}

func message(p *web.Page) string { return get(p.JSON(), "Message").Text() }

func refuseUser(_ context.Context, s *idp.Session) error {
	return s.Refuse(idp.Blocked, "", cmp.Or(message(s.Page()), "CyberArk does not accept this user"))
}
