package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/samlcli/samlcli/internal/others"
)

// fromFiles are files of each tool, and where they are looked for.
func fromFiles() map[string]struct{ fixture, place string } {
	return map[string]struct{ fixture, place string }{
		"saml2aws":        {"from-saml2aws.ini", ".saml2aws"},
		"aws-google-auth": {"from-aws-google-auth.ini", ".aws/config"},
		"gimme-aws-creds": {"from-gimme-aws-creds.ini", ".okta_aws_login_config"},
		"clisso":          {"from-clisso.yaml", ".clisso.yaml"},
		"aws-azure-login": {"from-aws-azure-login.ini", ".aws/config"},
		"aws-adfs":        {"from-aws-adfs.ini", ".aws/config"},
	}
}

// fixture copies a file of fixtures/cli into the home directory.
func (w *world) fixture(name, place string) {
	w.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "fixtures", "cli", name))
	if err != nil {
		w.Fatal(err)
	}
	w.file(place, string(data))
}

func TestConfigureFrom(t *testing.T) {
	if len(others.Tools()) != len(fromFiles()) {
		t.Errorf("tools %q", toolNames())
	}
	for tool, f := range fromFiles() {
		t.Run(tool, func(t *testing.T) {
			w := newWorld(t)
			w.wire = unreachable // nothing is fetched
			w.fixture(f.fixture, f.place)
			before := w.read(f.place)
			r := w.want(0, "samlcli: wrote [account.", "configure", "--from", tool)
			written := w.read(configFile)
			w.golden("from-"+tool, withoutSettings(r.stderr))
			w.golden("from-"+tool+"-config", withoutSettings(written))
			if strings.Contains(r.stdout+r.stderr+written, "planted") {
				t.Errorf("a secret got out:\n%s\n%s", r.stderr, written)
			}
			if w.read(f.place) != before {
				t.Errorf("%s changed", f.place)
			}
			again := w.want(0, "is in the config already, and stays as it is", "configure", "--from", tool)
			if strings.Contains(again.stderr, "wrote") || w.read(configFile) != written {
				t.Errorf("the second time:\n%s\n%s", again.stderr, w.read(configFile))
			}
		})
	}
}

// mapped is a key of another tool that becomes an adapter's setting, if the adapter has it.
type mapped struct{ tool, adapter, setting, source string }

func settingsOfFixtures() []mapped {
	return []mapped{
		{"saml2aws", "onelogin", "app_id", "[onelogin] app_id"},
		{"saml2aws", "onelogin", "subdomain", "[onelogin] subdomain"},
		{"saml2aws", "onelogin", "ip_address", "[onelogin] mfa_ip_address"},
		{"saml2aws", "f5apm", "resource_id", "[f5] resource_id"},
		{"saml2aws", "keycloak", "broker", "[keycloak] kc_broker"},
		{"clisso", "onelogin", "app_id", "apps.onelogin-dev app-id"},
		{"clisso", "onelogin", "subdomain", "providers.onelogin subdomain"},
		{"clisso", "onelogin", "client_id", "providers.onelogin client-id"},
		{"aws-azure-login", "entra", "app_id_uri", "[profile azure] azure_app_id_uri"},
	}
}

// withoutSettings takes them out of what is compared with goldens: which an adapter has is a matter of its time.
func withoutSettings(text string) string {
	return strings.Join(slices.DeleteFunc(strings.SplitAfter(text, "\n"), func(line string) bool {
		key, _, isPair := strings.Cut(line, " = ")
		return strings.Contains(line, " has no setting ") || isPair && slices.ContainsFunc(settingsOfFixtures(), func(m mapped) bool { return m.setting == key })
	}), "")
}

// TestConfigureFromSettings: what the adapter has is carried over, and what it has not is listed.
func TestConfigureFromSettings(t *testing.T) {
	for _, test := range settingsOfFixtures() {
		t.Run(test.source, func(t *testing.T) {
			w := newWorld(t)
			w.fixture(fromFiles()[test.tool].fixture, fromFiles()[test.tool].place)
			said := w.want(0, "", "configure", "--from", test.tool).stderr
			carried := strings.Contains(w.read(configFile), "\n"+test.setting+" = ")
			listed := strings.Contains(said, "not carried over: "+test.source+": the adapter "+test.adapter+" has no setting "+test.setting+"\n")
			if known := hasSetting(test.adapter, test.setting); carried != known || listed == known {
				t.Errorf("the adapter has it: %v; carried over: %v, listed: %v", known, carried, listed)
			}
		})
	}
	if !hasSetting("keycloak", "broker") || hasSetting("keycloak", "resource_id") {
		t.Error("an adapter's settings are not found, or another's are")
	}
}

// TestConfigureFromSaysNoValue: what is listed is a name and a reason.
func TestConfigureFromSaysNoValue(t *testing.T) {
	w := newWorld(t)
	w.file(".saml2aws", "[work]\nurl = https://planted.example.com/?x=1\nusername = planted\nprovider = planted\nmfa = planted\ntimeout = planted\n"+
		"aws_session_duration = planted\nrole_arn = planted\nfuture = planted\n")
	if r := w.want(0, "not carried over: [work] future: ", "configure", "--from", "saml2aws"); strings.Contains(r.stderr, "planted") {
		t.Errorf("said:\n%s", r.stderr)
	}
}

func TestConfigureFromKeepsTheRest(t *testing.T) {
	const before = "# mine\r\n[account.work]\r\nurl = 'https://mine.example.com/' # stays\n[profile.work]\naccount = 'work'"
	w := newWorld(t)
	w.config("%s", before)
	w.file(".saml2aws", "[work]\nurl = https://idp.example.com/\nprovider = Okta\n[home]\nurl = https://home.example.com/\n")
	r := w.want(0, "[account.work] is in the config already", "configure", "--from", "saml2aws")
	if text := w.read(configFile); !strings.HasPrefix(text, before+"\n\n[account.home]\n") || strings.Contains(text, "okta") {
		t.Errorf("wrote:\n%s\nsaid:\n%s", text, r.stderr)
	}
}

func TestConfigureFromOne(t *testing.T) {
	w := newWorld(t)
	w.fixture("from-saml2aws.ini", ".saml2aws")
	w.want(2, `.saml2aws has no account "oka"`+"\nsamlcli: hint: did you mean \"okta\"?", "configure", "--from", "saml2aws", "--account", "oka")
	r := w.want(0, "wrote [account.okta]", "configure", "--from", "saml2aws", "--account", "okta")
	if text := w.read(configFile); strings.Count(text, "[account.") != 1 || strings.Contains(r.stderr, "[shell]") {
		t.Errorf("wrote:\n%s\nsaid:\n%s", text, r.stderr)
	}
}

// TestConfigureFromShares: profiles that sign in the same way share an account, but saml2aws's sections are accounts
// themselves; one that is taken alone has its own.
func TestConfigureFromShares(t *testing.T) {
	const azure = "azure_tenant_id = 1\nazure_default_username = alice\n"
	for _, test := range []struct{ name, place, text, args, want string }{
		{"profiles", ".aws/config", "[profile a]\n" + azure + "[profile b]\n" + azure, "aws-azure-login", "[account.a] [profile.a] [profile.b]"},
		{"one of them", ".aws/config", "[profile a]\n" + azure + "[profile b]\n" + azure, "aws-azure-login --account b", "[account.b] [profile.b]"},
		{"one name twice", ".aws/config", "[default]\n" + azure + "[profile default]\nazure_tenant_id = 2\n", "aws-azure-login", "[account.default] [profile.default]"},
		{"accounts", ".saml2aws", "[a]\nurl = https://x.example.com\n[b]\nurl = https://x.example.com\n", "saml2aws", "[account.a] [profile.a] [account.b] [profile.b]"},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t)
			w.file(test.place, test.text)
			w.want(0, "", append([]string{"configure", "--from"}, strings.Fields(test.args)...)...)
			var got []string
			for line := range strings.Lines(w.read(configFile)) {
				if line[0] == '[' {
					got = append(got, strings.TrimSpace(line))
				}
			}
			if strings.Join(got, " ") != test.want {
				t.Errorf("wrote %q, want %s", got, test.want)
			}
		})
	}
}

func TestConfigureFromMistakes(t *testing.T) {
	for _, test := range []struct {
		name, place, text, words string
		args                     []string
	}{
		{"unknown tool", "", "", `hint: did you mean "saml2aws"?`, []string{"--from", "saml2awz"}},
		{"nothing like it", "", "", `hint: there are aws-adfs, `, []string{"--from", "x"}},
		{"address", "", "", "--from takes no address", []string{"--from", "saml2aws", "https://idp.example.com/"}},
		{"flag of an account", "", "", "--from takes no --username", []string{"--from", "saml2aws", "--username", "bob"}},
		{"log format", "", "", "--log-format is text or json", []string{"--from", "saml2aws", "--log-format", "x"}},
		{"no saml2aws", "", "", "there is no HOME/.saml2aws\nsamlcli: hint: SAML2AWS_CONFIGFILE names another file", []string{"--from", "saml2aws"}},
		{"no clisso", "", "", "nothing to import from clisso: there is no HOME/.clisso.yaml\n", []string{"--from", "clisso"}},
		{"no gimme", "", "", "there is no HOME/.okta_aws_login_config", []string{"--from", "gimme-aws-creds"}},
		{"empty", ".saml2aws", "", "HOME/.saml2aws has no account of it", []string{"--from", "saml2aws"}},
		{"nothing of the tool", ".aws/config", "[default]\nregion = eu-west-1\n", "HOME/.aws/config has no account of it", []string{"--from", "aws-adfs"}},
		{"half", ".aws/config", "[default]\nazure_app_id_uri = planted\n", "not carried over: [default] azure_app_id_uri: azure_tenant_id is not there", []string{"--from", "aws-azure-login"}},
		{"no section", ".saml2aws", "url = planted\n", "HOME/.saml2aws: line 1 is no [section]", []string{"--from", "saml2aws"}},
		{"stray line", ".saml2aws", "[a]\nurl = x\n\nplanted\n", "HOME/.saml2aws: line 4 is no", []string{"--from", "saml2aws"}},
		{"stray line of AWS", ".aws/config", "[profile a]\n[planted\n", "HOME/.aws/config: line 2 is no", []string{"--from", "aws-google-auth"}},
		{"stray line of gimme", ".okta_aws_login_config", "[a]\nplanted\n", "HOME/.okta_aws_login_config: line 2 is no", []string{"--from", "gimme-aws-creds"}},
		{"list", ".clisso.yaml", "apps:\n  - planted\n", "HOME/.clisso.yaml: line 2 is YAML of a kind", []string{"--from", "clisso"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t)
			if test.place != "" {
				w.file(test.place, test.text)
			}
			r := w.want(2, "", append([]string{"configure"}, test.args...)...)
			if said := w.stable(r.stderr); !strings.Contains(said, test.words) || strings.Contains(said, "planted") {
				t.Errorf("said:\n%s\nwant %q", said, test.words)
			}
			if !w.missing(configFile) {
				t.Errorf("wrote:\n%s", w.read(configFile))
			}
		})
	}
}

// TestConfigureFromElsewhere: each tool's variable names its file, and a home is needed without.
func TestConfigureFromElsewhere(t *testing.T) {
	for _, tool := range others.Tools() {
		t.Run(tool.Name, func(t *testing.T) {
			w := newWorld(t)
			f := fromFiles()[tool.Name]
			w.fixture(f.fixture, "elsewhere")
			if tool.Variable != "" {
				w.set(tool.Variable, "~/elsewhere")
				w.want(0, "wrote [account.", "configure", "--from", tool.Name, "--no-input")
				w.set(tool.Variable, filepath.Join(w.home, "elsewhere"))
				w.want(0, "is in the config already", "configure", "--from", tool.Name)
			}
			w.set(tool.Variable, "")
			w.want(2, "there is no "+filepath.Join(w.home, f.place), "configure", "--from", tool.Name)
			w.set("SAMLCLI_CONFIG", filepath.Join(w.home, "config.toml"))
			w.set("HOME", "")
			w.want(2, "there is no home directory to look for ~/"+f.place, "configure", "--from", tool.Name)
			w.set("SAMLCLI_CONFIG", "")
			w.want(2, "there is no home directory for the config", "configure", "--from", tool.Name)
		})
	}
}

func TestConfigureFromAddresses(t *testing.T) {
	w := newWorld(t)
	w.file(".saml2aws", "[a]\nurl = http://idp.example.com/\n[b]\nurl = https://bob:planted@idp.example.com/\n[c]\nurl = idp.example.com/aws\n")
	r := w.want(0, "not carried over: [a] url: the address to sign in at must be https", "configure", "--from", "saml2aws")
	text := w.read(configFile)
	if !strings.Contains(r.stderr, "[b] url: the address to sign in at must not hold") || strings.Contains(text+r.stderr, "planted") || strings.Count(text, "url =") != 1 ||
		!strings.Contains(text, `url = "https://idp.example.com/aws"`) {
		t.Errorf("wrote:\n%s\nsaid:\n%s", text, r.stderr)
	}
}

func TestConfigureFromBrokenConfig(t *testing.T) {
	w := newWorld(t)
	w.config("%s", "[account.work\n")
	w.fixture("from-saml2aws.ini", ".saml2aws")
	w.want(2, "is not TOML", "configure", "--from", "saml2aws")
}
