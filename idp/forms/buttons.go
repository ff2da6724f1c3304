package forms

import (
	"cmp"
	"slices"
	"strings"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

// Words on buttons, in the languages that identity providers are met in. They only sort buttons: no word decides whether
// a sign-in went well.
var (
	noWords = []string{"no", "cancel", "reject", "decline", "deny", "refuse", "disagree", "abort", "back", "logout", "logoff", "sign out", "log out",
		"register", "sign up", "subscribe", "newsletter", "create account", "forgot", "reset", "restart", "start over", "resend", "send again", "another way", "tryanotherway", "help", "language", "search", "show password",
		"delete", "remove", "edit", "print", "close", "don't", "do not", "nein", "abbrechen", "ablehnen", "zurück", "abmelden", "vergessen", "non", "annuler", "refuser", "retour",
		"oublié", "cancelar", "rechazar", "volver", "não", "recusar", "voltar", "annulla", "rifiuta", "indietro", "nee", "annuleren", "weigeren", "nej", "avbryt",
		"avvisa", "annuller", "peruuta", "キャンセル", "拒否", "戻る", "いいえ", "取消", "拒绝", "返回", "отмена", "нет", "назад", "취소"}
	yesWords = []string{"yes", "accept", "agree", "allow", "approve", "continue", "confirm", "proceed", "ok", "okay", "next", "submit", "login", "log in", "signin", "sign in",
		"verify", "consent", "grant", "authorize", "authorise", "_eventid_proceed", "go on", "i understand", "acknowledge", "ja", "weiter", "zustimmen", "akzeptieren", "anmelden", "bestätigen", "fortfahren",
		"oui", "accepter", "continuer", "autoriser", "valider", "sí", "si", "aceptar", "continuar", "permitir", "sim", "aceitar", "permitir", "accetta", "continua", "consenti",
		"doorgaan", "accepteren", "toestaan", "fortsätt", "godkänn", "fortsæt", "はい", "続行", "次へ", "同意", "许可", "继续", "确认", "да", "продолжить", "принять", "동의", "계속"}
	skipWords = []string{"skip", "later", "not now", "remind me", "maybe", "überspringen", "später", "plus tard", "ignorer", "más tarde", "omitir", "salta", "più tardi", "スキップ", "後で", "跳过", "以后"}
)

// signInWords stand on links to a login.
var signInWords = []string{"sign in", "signin", "log in", "login", "log on", "logon", "sso", "anmelden", "anmeldung", "einloggen", "connexion", "se connecter", "s'identifier",
	"iniciar sesión", "acceder", "entrar", "accedi", "inloggen", "aanmelden", "logga in", "log ind", "logg inn", "kirjaudu", "zaloguj", "zaloguj się", "přihlásit", "войти", "вход",
	"giriş", "ログイン", "サインイン", "登录", "登入", "로그인"}

// onWords stand on links that lead on from a page that only informs.
var onWords = []string{"continue", "click here", "proceed", "weiter", "continuer", "continuar", "continua", "doorgaan", "fortsätt", "продолжить", "続行", "继续"}

// says reports whether one of the phrases stands in a button's name, id, value or label, as whole words.
func says(x *web.Field, phrases []string) bool {
	return slices.ContainsFunc([]string{x.Label(), x.Value, x.Name, x.ID}, func(s string) bool { return speaks(s, phrases) })
}

func speaks(s string, phrases []string) bool {
	s = s[:min(len(s), 1000)] // nobody reads on
	spaced := " " + strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return strings.ContainsRune(" \t\n.,;:!?()[]\"/-<>»›→", r)
	}), " ") + " "
	return slices.ContainsFunc(phrases, func(phrase string) bool {
		if phrase[0] >= 0xe3 { // scripts that put no space between words
			return strings.Contains(spaced, phrase)
		}
		return strings.Contains(spaced, " "+phrase+" ")
	})
}

// pressable returns the buttons that lead on: never a language menu, "no", "cancel", "register", nor a way out.
func pressable(f *web.Form) []*web.Field {
	whole := veiled(f)
	return slices.DeleteFunc(f.Buttons(), func(x *web.Field) bool {
		return !x.Visible() && !whole || refuses(x) || leadsAway(cmp.Or(x.Attr("formaction"), f.Attr("action")))
	})
}

// refuses reports whether a button says no. What it says to the person counts more than what it is called.
func refuses(x *web.Field) bool {
	if label := x.Label(); label != "" && (speaks(label, noWords) || speaks(label, yesWords)) {
		return speaks(label, noWords)
	}
	return says(x, noWords)
}

// leadsAway reports whether an address is one to end a session at, or to begin something else.
func leadsAway(address string) bool {
	return containsAny(strings.ToLower(path(address)), "logout", "logoff", "signout", "sign-out", "sign_out", "cancel", "register", "signup", "sign-up", "sign_up", "forgot")
}

// press makes a filled form ready to send: with the configured button, else the first of those that lead on, as the Enter
// key would; where there are several, rather its own than somebody else's, below the fields than above, one that checks
// what was typed than one that does not, and one that says yes.
func press(s *idp.Session, f *web.Form) *web.Form {
	if wanted := s.Setting("button"); wanted != "" {
		for _, x := range f.Buttons() {
			if x.Name == wanted || x.Value == wanted || x.Label() == wanted {
				return f.Press(x)
			}
		}
	}
	best := pressable(f)
	below := belowFields(f)
	for _, better := range []func(*web.Field) bool{
		func(x *web.Field) bool { return !viaOthers(x) },
		func(x *web.Field) bool { return slices.Contains(below, x) },
		func(x *web.Field) bool { return !x.Is("[formnovalidate]") },
		func(x *web.Field) bool { return says(x, yesWords) },
	} {
		if some := slices.DeleteFunc(slices.Clone(best), func(x *web.Field) bool { return !better(x) }); len(some) > 0 {
			best = some
		}
	}
	if len(best) == 0 {
		return f.Press(awake(f))
	}
	return f.Press(best[0])
}

// belowFields returns what stands behind the last field to type into.
func belowFields(f *web.Form) []*web.Field {
	below := 0
	for i, x := range f.Fields {
		if x.Fillable() {
			below = i + 1
		}
	}
	return f.Fields[below:]
}

// awake returns the first button that a script switches on once something is typed; nil where there is none.
func awake(f *web.Form) *web.Field {
	for _, x := range f.Fields {
		if x.Type == "submit" && x.Disabled && x.Visible() && !refuses(x) {
			x.Disabled = false
			return x
		}
	}
	return nil
}

// viaOthers reports whether a button signs in with somebody else: "Continue with …".
func viaOthers(x *web.Field) bool {
	return speaks(x.Label(), []string{"with", "via", "using", "mit", "über", "avec", "con", "com", "met"})
}
