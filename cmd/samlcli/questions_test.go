package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/internal/lab"
	"github.com/samlcli/samlcli/internal/secret"
)

// asNobody is a lab whose users are configured without anything stored.
func asNobody(t *testing.T, user, more string) *world {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the commands are for a shell")
	}
	w := newLab(t, lab.Options{})
	w.config("[account.lab]\nurl = %q\nusername = %q\n%s\n", w.lab.URL, user, more)
	return w
}

func TestNobodyToAsk(t *testing.T) {
	for _, test := range []struct {
		name, user, environ string
		args                []string
	}{
		{"username", "", "", nil},
		{"password", "bob", "", nil},
		{"code", "alice", "SAMLCLI_PASSWORD=" + lab.AlicePassword, nil},
		{"password-no-input", "bob", "", []string{"--no-input"}},
		{"password-json", "bob", "", []string{"--log-format", "json"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := asNobody(t, test.user, "")
			w.environ = append(w.environ, test.environ)
			start := time.Now()
			r := w.want(3, "", append([]string{"login"}, test.args...)...)
			w.golden("nobody-"+test.name, r.stderr)
			if took := time.Since(start); took > time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
}

func TestPasswordSources(t *testing.T) {
	const entry = "password:lab:bob"
	for _, test := range []struct {
		name, config string
		environ      string
		stdin        string
		keyring      string
		args         []string
		code         int
	}{
		{"variable", "", "SAMLCLI_PASSWORD=builder", "", "wrong", nil, 0},
		{"stdin beats variable", "", "SAMLCLI_PASSWORD=wrong", "builder\r\nmore", "", []string{"--password-stdin"}, 0},
		{"stdin without line end", "", "", "builder", "", []string{"--password-stdin"}, 0},
		{"list", `password_command = ["echo", "builder"]`, "", "", "wrong", nil, 0},
		{"string", `password_command = "printf 'builder\\nnot this\\n'"`, "", "", "", nil, 0},
		{"no shell", `password_command = "echo builder; true"`, "", "", "", nil, 4},
		{"variable's command beats the config's", `password_command = "echo wrong"`, `SAMLCLI_PASSWORD_COMMAND=echo "builder"`, "", "", nil, 0},
		{"failing command, then the keyring", `password_command = ["false"]`, "", "", "builder", nil, 0},
		{"silent command, then the keyring", `password_command = ["true"]`, "", "", "builder", nil, 0},
		{"no such command, then the keyring", `password_command = ["/nowhere/pass"]`, "", "", "builder", nil, 0},
		{"keyring", "", "", "", "builder", nil, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := asNobody(t, "bob", test.config)
			w.environ = append(w.environ, test.environ)
			w.stdin = strings.NewReader(test.stdin)
			if test.keyring != "" {
				w.keys.entries = map[string]secret.Secret{entry: secret.New(test.keyring)}
			}
			w.want(test.code, "", append([]string{"roles"}, test.args...)...)
		})
	}
}

func TestFailingCommandIsAWarning(t *testing.T) {
	w := asNobody(t, "bob", `password_command = ["sh", "-c", "echo no such entry >&2; exit 3"]`)
	w.golden("failing-command", w.want(3, "", "login").stderr)
	w.golden("failing-command-json", w.want(3, "", "login", "--log-format", "json").stderr)
}

func TestCodeSources(t *testing.T) {
	right := lab.Code(lab.AliceSeed, noon)
	seed := map[string]secret.Secret{"totp:lab:alice": secret.New("otpauth://totp/lab:alice?secret=" + lab.AliceSeed)}
	for _, test := range []struct {
		name, config string
		environ      string
		args         []string
		seed         bool
		code         int
	}{
		{"flag", "", "SAMLCLI_CODE=000000", []string{"--code", right}, false, 0},
		{"variable", `code_command = "echo 000000"`, "SAMLCLI_CODE=" + right, nil, false, 0},
		{"code_command", fmt.Sprintf("code_command = [\"echo\", %q]\ntotp_command = \"echo 000000\"", right), "", nil, false, 0},
		{"totp_command", fmt.Sprintf("code_command = \"false\"\ntotp_command = \"echo %s\"", right), "", nil, false, 0},
		{"seed in the keyring", "", "", nil, true, 0},
		{"wrong, and nobody to ask", "", "SAMLCLI_CODE=000000", nil, true, 4},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := asNobody(t, "alice", test.config)
			w.environ = append(w.environ, "SAMLCLI_PASSWORD="+lab.AlicePassword, test.environ)
			if test.seed {
				w.keys.entries = seed
			}
			w.want(test.code, "", append([]string{"roles"}, test.args...)...)
		})
	}
}

// TestStoredAnswersOnce: nothing stored locks an account.
func TestStoredAnswersOnce(t *testing.T) {
	for name, config := range map[string]string{
		"variable": "",
		"command":  `password_command = ["sh", "-c", "echo x >> asked; echo wrong"]`,
	} {
		t.Run(name, func(t *testing.T) {
			config = strings.ReplaceAll(config, "asked", filepath.Join(t.TempDir(), "asked"))
			w := asNobody(t, "bob", config)
			if name == "variable" {
				w.set("SAMLCLI_PASSWORD", "wrong")
			}
			w.golden("wrong-password", w.want(4, "", "login").stderr)
			if got := strings.Count(strings.Join(w.lab.Requests(), "\n"), "POST /login"); got != 1 {
				t.Errorf("%d passwords were sent: %v", got, w.lab.Requests())
			}
		})
	}
}

// TestCommandsRunOnlyWhenAsked: a saved response asks nothing.
func TestCommandsRunOnlyWhenAsked(t *testing.T) {
	w := asNobody(t, "bob", "")
	ran := filepath.Join(w.home, "ran")
	w.config("[account.lab]\nurl = %q\nusername = \"bob\"\npassword_command = [\"sh\", \"-c\", \"echo builder\"]\ncode_command = [\"touch\", %q]\n", w.lab.URL, ran)
	w.want(0, "", "roles")
	if !w.missing("ran") {
		t.Error("code_command ran, and nothing asked for a code")
	}
	if slices.ContainsFunc(w.keys.asked, func(entry string) bool { return entry != sealingKeyEntry }) {
		t.Errorf("the keyring was asked for %q, and the command had answered", w.keys.asked)
	}
}

func TestSecretsStayOutOfCommands(t *testing.T) {
	w := asNobody(t, "alice", "")
	seen := filepath.Join(w.home, "seen")
	w.config("[account.lab]\nurl = %q\nusername = \"alice\"\ntotp_command = [\"sh\", \"-c\", \"env > %s; exit 1\"]\n", w.lab.URL, seen)
	w.set("SAMLCLI_PASSWORD", lab.AlicePassword)
	w.set("SAMLCLI_X", "kept")
	w.want(3, "", "login")
	if text := w.read("seen"); strings.Contains(text, lab.AlicePassword) || !strings.Contains(text, "SAMLCLI_X=kept") {
		t.Errorf("the command's environment:\n%s", text)
	}
}

func TestKeyringInTrouble(t *testing.T) {
	w := asNobody(t, "alice", "")
	w.keys.err = errors.New("no answer within 800ms")
	w.want(3, "samlcli: warning: keyring: no answer within 800ms\n", "login")

	w.keys.asked = nil
	a := w.answers()
	a.fromKeyring("password")
	a.fromKeyring("totp")
	if len(w.keys.asked) != 1 {
		t.Errorf("a keyring in trouble was asked for %q, want one of them", w.keys.asked)
	}
}

func TestKeyringThatHangs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start, release := time.Now(), make(chan struct{})
		_, err := soon(keyringPatience, func() (secret.Secret, error) { <-release; return secret.Secret{}, nil })
		if took := time.Since(start); err == nil || took > time.Second {
			t.Errorf("gave up after %v with %v", took, err)
		}
		close(release)
	})
}

func TestSeedThatIsNone(t *testing.T) {
	w := asNobody(t, "alice", "")
	w.set("SAMLCLI_PASSWORD", lab.AlicePassword)
	w.keys.entries = map[string]secret.Secret{"totp:lab:alice": secret.New("planted!")}
	if r := w.want(3, "warning: the seed in the keyring: it is no TOTP seed", "login"); strings.Contains(r.stderr, "planted") {
		t.Errorf("said the seed: %s", r.stderr)
	}
}

func TestChoiceWithNobody(t *testing.T) {
	choice := idp.Choice{Title: "How", Host: "idp.example.com", Options: []idp.Option{{Label: "Text me", Factor: idp.SMS}, {Label: "App", Factor: idp.TOTP}}}
	t.Run("nothing stored", func(t *testing.T) {
		w := newWorld(t)
		_, err := w.answers().Choose(w.ctx, choice)
		f := classify(w.ctx, err)
		want := "code 3: idp.example.com: How, and there is nobody to ask [Text me  sms App  totp] [say which with --mfa, SAMLCLI_MFA, or mfa in the account of the config]"
		if got := fmt.Sprintf("code %d: %s %v %v", f.code, f.message, f.lines, f.hints); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	})
	t.Run("seed in the keyring", func(t *testing.T) {
		w := newWorld(t)
		w.keys.entries = map[string]secret.Secret{"totp::": secret.New(lab.AliceSeed)}
		if i, err := w.answers().Choose(w.ctx, choice); i != 1 || err != nil {
			t.Errorf("Choose = %d, %v, want 1", i, err)
		}
	})
	token := idp.Choice{Title: "How", Options: []idp.Option{{Label: "Push", Factor: idp.Push}, {Label: "Token", Factor: idp.Token}}}
	t.Run("a code for a token", func(t *testing.T) {
		w := newWorld(t)
		w.set("SAMLCLI_CODE", "123456")
		if i, err := w.answers().Choose(w.ctx, token); i != 1 || err != nil {
			t.Errorf("Choose = %d, %v, want 1", i, err)
		}
	})
	t.Run("a seed is for no token", func(t *testing.T) {
		w := newWorld(t)
		w.keys.entries = map[string]secret.Secret{"totp::": secret.New(lab.AliceSeed)}
		if i, err := w.answers().Choose(w.ctx, token); !errors.Is(err, idp.ErrNoAnswer) {
			t.Errorf("Choose = %d, %v, want no answer", i, err)
		}
	})
}

func TestQuestionsOfEveryKind(t *testing.T) {
	w := newWorld(t)
	for _, kind := range []idp.Kind{idp.Username, idp.Password, idp.Code, idp.Answer, idp.Captcha} {
		_, err := w.answers().Ask(w.ctx, idp.Question{Kind: kind, Host: "idp.example.com", Attempt: 1})
		if f := classify(w.ctx, err); f.code != 3 || len(f.hints) == 0 || !strings.Contains(f.message, "nobody to ask") {
			t.Errorf("%s: %+v", kind, f)
		}
	}
}

func TestReadLine(t *testing.T) {
	t.Parallel()
	r := strings.NewReader("first\r\nsecond")
	for _, want := range []string{"first", "second", ""} {
		if got, err := readLine(r, maxLine); got != want || err != nil {
			t.Errorf("readLine = %q, %v, want %q", got, err, want)
		}
	}
	if _, err := readLine(strings.NewReader(strings.Repeat("x", maxLine+1)), maxLine); err == nil {
		t.Error("a line without end was read")
	}
	if _, err := readLine(iotest.ErrReader(errors.New("broken")), maxLine); err == nil {
		t.Error("an error was swallowed")
	}
}

func TestSplitWords(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"":                       "",
		"  ":                     "",
		"pass show work":         "pass|show|work",
		`a "b c" 'd e'`:          "a|b c|d e",
		`a""b '' c`:              "ab||c",
		`a\ b "c\"d\e" 'f\g'`:    `a b|c"d\e|f\g`,
		"a\tb\r\nc":              "a|b|c",
		`"never closed`:          "never closed",
		`ends with \`:            `ends|with|\`,
		"/bin/secret --n=Ünïcöd": "/bin/secret|--n=Ünïcöd",
		"$HOME `id` a;b | c > d": "$HOME|`id`|a;b||" + "|c|>|d",
	} {
		if got := strings.Join(splitWords(line), "|"); got != want {
			t.Errorf("splitWords(%q) = %q, want %q", line, got, want)
		}
	}
}

// TestTermsWithNobody: a choice that is no factor has only a person to make it.
func TestTermsWithNobody(t *testing.T) {
	w := newWorld(t)
	_, err := w.answers().Choose(w.ctx, idp.Choice{Title: "Accept the terms", Host: "idp.example.com", Options: []idp.Option{{Label: "no"}, {Label: "yes"}}})
	if f := classify(w.ctx, err); f.code != 3 || strings.Join(f.hints, "") != "run it at a terminal" {
		t.Errorf("%+v", f)
	}
	w.answers().Tell(w.ctx, "Choose 42 in the app")
}
