package main

import (
	"strings"
	"testing"
)

// The block is written in place, and all around it stays.
func TestProfilesWrite(t *testing.T) {
	w := asAlice(t)
	w.wire = w.without("signin.aws.amazon.com")
	w.config("[account.lab]\nurl = %q\nusername = \"alice\"\n[profile.prod]\nregion = \"eu-west-1\"\n[profile.test]\n", w.lab.URL)
	w.file(".aws/config", "[default]\nregion = us-east-1 # mine")
	w.want(0, "wrote 2 profiles", "profiles", "write")
	w.golden("profiles", w.read(".aws/config"))
	first := w.read(".aws/config")
	w.want(0, "", "profiles", "write")
	if w.read(".aws/config") != first {
		t.Error("written twice, and not the same")
	}
	for name, edited := range map[string]string{"without its last newline": strings.TrimSpace(first), "as on Windows": strings.ReplaceAll(first, "\n", "\r\n")} {
		w.file(".aws/config", edited)
		w.want(0, "", "profiles", "write")
		if got := strings.ReplaceAll(w.read(".aws/config"), "\r", ""); got != first {
			t.Errorf("%s it became\n%s", name, got)
		}
	}
	w.file(".aws/config", first+"[profile mine]\nregion = eu-central-1\n")
	w.want(0, "wrote 5 profiles", "profiles", "write", "--all", "--region", "us-east-2")
	w.golden("profiles-all", w.read(".aws/config"))
	w.want(0, "", "login", "--role", "*/Admin")
	w.want(0, ".aws/credentials before what these give: 123456789012-Admin\n", "profiles", "write", "--all", "--region", "us-east-2")
	w.file(".aws/credentials", "[123456789012-Admin]\n")
	if r := w.want(0, "wrote 5 profiles", "profiles", "write", "--all"); strings.Contains(r.stderr, "before") {
		t.Errorf("said %s", r.stderr)
	}
	// What is gone from the config goes from the file too.
	w.config("[account.lab]\nurl = %q\nusername = \"alice\"\n[profile.test]\n", w.lab.URL)
	w.want(0, "wrote 1 profiles", "profiles", "write")
	if text := w.read(".aws/config"); strings.Contains(text, "prod") || !strings.Contains(text, "[profile mine]") || !strings.Contains(text, "# mine") {
		t.Errorf("the file is\n%s", text)
	}
}

func TestProfilesRefused(t *testing.T) {
	w := asAlice(t)
	w.want(2, "no profile to write", "profiles", "write")
	w.config("[profile.\"a b\"]\n[profile.\"it's\"]\n")
	w.want(2, `"it's" cannot stand in a line`, "profiles", "write")
	if !w.missing(".aws/config") {
		t.Error("half of them were written")
	}
	w.config("[account.lab]\nurl = %q\n[profile.prod]\n", w.lab.URL)
	for text, words := range map[string]string{
		"[profile prod]\nregion = x\n":                "already, which samlcli did not write",
		blockBegin + "\n[profile old]\n":              "has no end\nsamlcli: hint: put back the line",
		"[profile  prod ]\nregion = x\n" + blockBegin: "",
	} {
		w.file(".aws/config", text)
		if words != "" {
			w.want(2, words, "profiles", "write")
			if w.read(".aws/config") != text {
				t.Errorf("changed to %q", w.read(".aws/config"))
			}
		}
	}
}
