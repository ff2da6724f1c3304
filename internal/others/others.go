// Package others reads the configuration of other sign-in tools, and says in samlcli's words what theirs means. It reads
// bytes: where the files are, which names are taken, and what is written are the program's affair.
//
// Every key of a file comes out once: as a pair that carries over, or as one that is left, with the reason. Values that
// ask for what happens anyway come out nowhere.
package others

import "fmt"

// Tool is a program whose configuration can be read.
type Tool struct {
	Name     string
	File     string // its name below the home directory
	Variable string // of the environment, which names another file; "" where the tool has none
	Note     string // what a person should know beside it; may be empty
	// Accounts says that its sections are accounts of their own even where they say the same.
	Accounts bool
	// Read returns the entries of the file in its order. An error is a *LineError.
	Read func(data []byte) ([]Entry, error)
}

// Tools returns every tool, in alphabetical order.
func Tools() []Tool {
	return []Tool{
		{Name: "aws-adfs", File: ".aws/config", Variable: "AWS_CONFIG_FILE", Read: readADFS},
		{Name: "aws-azure-login", File: ".aws/config", Variable: "AWS_CONFIG_FILE", Read: readAzure},
		{Name: "aws-google-auth", File: ".aws/config", Variable: "AWS_CONFIG_FILE", Read: readGoogle},
		{Name: "clisso", File: ".clisso.yaml", Read: readClisso},
		{Name: "gimme-aws-creds", File: ".okta_aws_login_config", Variable: "OKTA_CONFIG", Read: readGimme},
		{Name: "saml2aws", File: ".saml2aws", Variable: "SAML2AWS_CONFIGFILE", Accounts: true, Read: readSAML2AWS,
			Note: "saml2aws keeps passwords in the system's keyring under the address; they stay there, and samlcli asks for them"},
	}
}

// Entry is what one section of the file says: an account, a profile that uses it, and what neither can say. One that
// does not say how to sign in has no account and no profile.
type Entry struct {
	Name             string
	Account, Profile []Pair
	Left             []Left
}

// Pair is a key of samlcli's config and its value.
type Pair struct {
	Key, Value string
	List       []string // instead of Value, where the key takes several
	// Setting says that the key is one of the account's adapter, which may not know it.
	Setting bool
	// Source is the key of the other tool that says so.
	Source Key
}

// Key is a key of the file and where it stands, as in [work]. It has no value.
type Key struct{ Place, Name string }

// Left is a key that does not carry over, and why. A secret is never told beyond its name.
type Left struct {
	Key
	Why    string
	Secret bool
}

// LineError says which line of a file is not understood. It does not quote the line.
type LineError struct {
	Line int
	Why  string
}

func (e *LineError) Error() string { return fmt.Sprintf("line %d %s", e.Line, e.Why) }
