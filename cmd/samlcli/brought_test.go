package main

import (
	"encoding/base64"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// saved signs in as bob and returns a world that knows no address, and the response that he got.
func saved(t *testing.T) (*world, string) {
	t.Helper()
	w := asBob(t)
	response := strings.TrimSpace(w.want(0, "", "assertion", "get").stdout)
	w.config("")
	return w, response
}

func TestPaste(t *testing.T) {
	w, response := saved(t)
	xml, _ := base64.StdEncoding.DecodeString(response)
	for name, text := range map[string]string{
		"base64":  response + "\n",
		"wrapped": response[:76] + "\r\n" + response[76:],
		"payload": "SAMLResponse=" + url.QueryEscape(response) + "&RelayState=",
		"XML":     string(xml),
		"field":   `<input type="hidden" name="SAMLResponse" value="` + response + `"/>`,
		"page":    `<form><input name=SAMLResponse value="` + response + `"></form>`,
	} {
		w.stdin = strings.NewReader(text)
		if r := w.want(0, "", "roles", "--idp", "paste"); !strings.Contains(r.stdout, "ReadOnly") {
			t.Errorf("%s: %s", name, r.stdout)
		}
	}
	w.stdin = strings.NewReader("")
	w.want(3, "nobody to paste", "roles", "--idp", "paste")
	w.stdin = strings.NewReader("a banner")
	r := w.want(5, "", "roles", "--idp", "paste", "--url", "https://idp.example.com/aws")
	if !strings.Contains(r.stderr, "open https://idp.example.com/aws in any browser") {
		t.Errorf("said %s", r.stderr)
	}
	w.stdin = strings.NewReader("for the program")
	w.want(3, "nobody to paste", "exec", "--idp", "paste", "--", "cat")
}

func TestCommand(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the programs are for a shell")
	}
	w, response := saved(t)
	file := filepath.Join(w.home, "response")
	if err := os.WriteFile(file, []byte(response+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	w.set("SAMLCLI_PASSWORD", "secret")
	for _, test := range []struct {
		name, command, says string
		code                int
	}{
		{"prints it", `["cat", "` + file + `"]`, "", 0},
		{"one line", `"cat '` + file + `'"`, "", 0},
		{"knows who", `["sh", "-c", "test \"$SAMLCLI_ACCOUNT$SAMLCLI_USERNAME$SAMLCLI_URL$SAMLCLI_PASSWORD\" = workalice && cat '` + file + `'"]`, "", 0},
		{"fails", `["sh", "-c", "echo its own words >&2; exit 3"]`, "it ended with exit status 3", 4},
		{"prints nothing", `["true"]`, "empty", 5},
		{"prints without end", `["yes"]`, "yes prints more than", 5},
		{"prints a banner", `["sh", "-c", "echo welcome; cat '` + file + `'"]`, "sh must print the SAML response alone", 5},
		{"prints credentials", `["echo", "{\"AccessKeyId\": \"AKIA\"}"]`, "AWS credentials", 5},
		{"is not there", `["samlcli-no-such-program"]`, "not found", 2},
		{"is not given", `[]`, "no command to run", 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			w.config("[account.work]\nidp = \"command\"\nusername = \"alice\"\ncommand = %s\n", test.command)
			r := w.want(test.code, test.says, "roles")
			if test.code == 0 && !strings.Contains(r.stdout, "ReadOnly") {
				t.Errorf("got %s", r.stdout)
			}
		})
	}
	w.config("[account.work]\nidp = \"command\"\n")
	w.want(0, "", "roles", "--set", "command=cat '"+file+"'")
	w.want(8, "time limit", "roles", "--refresh", "--set", "command=sleep 60", "--timeout", "100ms")
	began := time.Now() // its child ends with it: what holds the pipe open is waited for
	w.want(8, "time limit", "roles", "--refresh", "--set", "command=sh -c 'sleep 60 & sleep 61'", "--timeout", "100ms")
	if took := time.Since(began); took >= lastWords {
		t.Errorf("its child lived on: it took %v", took)
	}
}
