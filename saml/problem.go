package saml

import (
	"slices"
	"time"
)

// Problem is a reason for which AWS refuses a response.
type Problem struct {
	Code string // of Codes
	What string // what is wrong: a sentence of one line without capital and full stop, safe to print
	Fix  string // what has to change, and mostly by the provider's administrator: in the same form
	See  string // address of the page on which AWS documents it
	// Doubtful problems are those that AWS may overlook, or that depend on what it alone knows.
	Doubtful bool
}

// Problems returns every reason known here for which AWS refuses the response at the time now. Skew is how far the
// provider's clock is ahead of the clock that says now, 0 where nobody knows: it explains times, and changes none. Who signed
// the response is another question: see Verify. Of an encrypted response only what stands outside of the assertion is known.
func (r *Response) Problems(now time.Time, skew time.Duration) []Problem {
	l := &look{Response: r, now: now, skew: skew}
	var found []Problem
	for _, k := range known() {
		if r.Encrypted && !k.outside {
			continue
		}
		for _, what := range k.look(l) {
			found = append(found, k.problem(what))
		}
	}
	return found
}

// NotInAccount returns the problem of a response that offers no role of an AWS account, for whoever expects one.
func (r *Response) NotInAccount(account string) (p Problem, is bool) {
	if r.Encrypted || slices.ContainsFunc(r.Roles, func(role Role) bool { return role.Account() == account }) {
		return p, false
	}
	return notInAccount().problem("no role is in the account " + show(account)), true
}

// Codes returns the codes of all problems that there are.
func Codes() (codes []string) {
	for _, k := range append(known(), notInAccount()) {
		codes = append(codes, k.code)
	}
	return codes
}

// look is what a problem is looked for in.
type look struct {
	*Response
	now  time.Time
	skew time.Duration
}

// knownProblem is a kind of problem, and how to find it.
type knownProblem struct {
	code     string
	fix, see string
	doubtful bool
	outside  bool                 // it can be seen from outside of an encrypted assertion
	look     func(*look) []string // what is wrong, each time
}

func (k knownProblem) problem(what string) Problem {
	return Problem{Code: k.code, What: what, Fix: k.fix, See: k.see, Doubtful: k.doubtful}
}

// Where AWS documents what it wants.
const (
	guide        = "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
	assertions   = guide + "id_roles_providers_create_saml_assertions.html"
	troubles     = guide + "troubleshoot_saml.html"
	sessionTags  = guide + "id_session-tags.html"
	samlProvider = guide + "id_roles_providers_create_saml.html"
	call         = "https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithSAML.html"
)

// known is every kind of problem, the general before the particular.
func known() []knownProblem {
	return []knownProblem{
		{"too_many_roles", "send roles of fewer AWS accounts or groups, by a filter in the role attribute's rule", call, false, false, (*look).tooManyRoles},
		{"too_large", "send fewer attributes and values: AWS reads none but its own", call, false, true, (*look).tooLarge},
		{"unsigned", "have the provider sign the assertion or the whole response", assertions, false, true, (*look).unsigned},
		{"encrypted", "give the SAML provider in IAM the private key, or switch encryption off at the identity provider", samlProvider, true, true, (*look).encrypted},
		{"expired", "sign in again and use the response at once; where a fresh one is late already, set the clock that is wrong, and let assertions live for five minutes", assertions, false, true, (*look).expired},
		{"not_yet_valid", "set the clock that is wrong, or let assertions begin a minute before they are issued", assertions, false, true, (*look).notYetValid},
		{"times_missing", "send IssueInstant, and NotOnOrAfter in SubjectConfirmationData", assertions, false, false, (*look).timesMissing},
		{"audience", "set the audience (entity ID, relying party identifier) to urn:amazon:webservices or the sign-in address of the partition", troubles, false, false, (*look).audience},
		{"recipient", "set the assertion consumer service (reply URL, recipient) to https://signin.aws.amazon.com/saml, or that of the partition", assertions, false, false, (*look).recipient},
		{"partition", "set the assertion consumer service to the sign-in address of the partition that the roles are in", assertions, false, false, (*look).partition},
		{"subject_missing", "send a NameID, persistent or transient, in the subject", assertions, false, false, (*look).subjectMissing},
		{"roles_missing", "send the attribute " + roleAttribute + ", with one value ROLE-ARN,PROVIDER-ARN for each role, and assign roles to the person", troubles, false, false, (*look).rolesMissing},
		{"role_malformed", "make every value of the role attribute ROLE-ARN,PROVIDER-ARN: arn:aws:iam::123456789012:role/NAME,arn:aws:iam::123456789012:saml-provider/NAME", troubles, false, false, (*look).roleMalformed},
		{"role_spacing", "take the white space out of the values of the role attribute", troubles, true, false, (*look).roleSpacing},
		{"role_accounts", "name a SAML provider of the role's own account: each account needs one", assertions, false, false, (*look).roleAccounts},
		{"session_name_missing", "send the attribute " + sessionNameAttribute + ", as the user name or the mail address", troubles, false, false, (*look).sessionNameMissing},
		{"session_name", "send 2 to 64 characters of a-z A-Z 0-9 _ + = , . @ - as RoleSessionName: a mail address will do", troubles, false, false, (*look).sessionName},
		{"session_duration", "send a number of seconds from 900 to 43200 as SessionDuration, or leave it out", assertions, false, false, (*look).sessionDuration},
		{"source_identity", "send 2 to 64 characters of a-z A-Z 0-9 _ + = , . @ - as SourceIdentity, not beginning with aws:, or leave it out", troubles, false, false, (*look).sourceIdentity},
		{"session_tags", "send no more than 50 attributes PrincipalTag:KEY, keys of up to 128 and values of up to 256 characters", sessionTags, false, false, (*look).sessionTags},
	}
}

func notInAccount() knownProblem {
	return knownProblem{code: "account", fix: "assign a role of that account to the person, in the provider's groups or in the rule of the role attribute", see: assertions}
}
