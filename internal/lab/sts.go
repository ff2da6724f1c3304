package lab

import (
	"crypto/rand"
	"crypto/sha1"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	minSeconds, maxSeconds = 900, 43200
	defaultSeconds         = 3600
	policyLimit            = 2048
	assertionLimit         = 100_000
	policyARNs             = 10
)

// An sts answers AssumeRoleWithSAML, AssumeRoleWithWebIdentity and GetCallerIdentity as AWS does.
type sts struct {
	lab *Lab

	mu     sync.Mutex
	issued map[string]grant // by access key
}

// A grant is one set of credentials given out.
type grant struct {
	arn, id, account, token string
	expires                 time.Time
}

// A refusal is an answer that is none.
type refusal struct {
	status        int
	code, message string
}

func newSTS(l *Lab) *sts { return &sts{lab: l, issued: map[string]grant{}} }

func (s *sts) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	answer, no := s.answer(r)
	if no != nil {
		writeXML(w, no.status, errorResponse(no))
		return
	}
	writeXML(w, http.StatusOK, answer)
}

func (s *sts) answer(r *http.Request) (any, *refusal) {
	if err := r.ParseForm(); err != nil {
		return nil, &refusal{http.StatusBadRequest, "MalformedInput", "The request could not be read"}
	}
	switch action := r.Form.Get("Action"); {
	case action == "":
		return nil, &refusal{http.StatusBadRequest, "MissingAction", "The request must hold the parameter Action"}
	case action == "AssumeRoleWithSAML" && r.Method == http.MethodPost:
		return s.assumeRole(r.PostForm)
	case action == "AssumeRoleWithWebIdentity" && r.Method == http.MethodPost:
		return s.assumeRoleWithWebIdentity(r.PostForm)
	case action == "GetCallerIdentity":
		return s.callerIdentity(r.Header)
	default:
		return nil, &refusal{http.StatusBadRequest, "InvalidAction",
			fmt.Sprintf("Could not find operation %s for version %s", action, r.Form.Get("Version"))}
	}
}

func (s *sts) assumeRole(q url.Values) (any, *refusal) {
	seconds, packed, no := checkRequest(q, member{"RoleArn", 2048}, member{"PrincipalArn", 2048}, member{"SAMLAssertion", assertionLimit})
	if no != nil {
		return nil, no
	}
	arn, provider := q.Get("RoleArn"), q.Get("PrincipalArn")
	if !regexp.MustCompile(`^arn:[^:]+:iam::\d{12}:saml-provider/lab$`).MatchString(provider) {
		return nil, invalid("Specified provider doesn't exist")
	}
	c, no := s.read(q.Get("SAMLAssertion"))
	if no != nil {
		return nil, no
	}
	if !slices.Contains(c.pairs, arn+" "+provider) || accountOf(arn) != accountOf(provider) {
		return nil, &refusal{http.StatusForbidden, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithSAML"}
	}
	lasts, no := s.lasts(arn, seconds)
	if no != nil {
		return nil, no
	}
	now := s.lab.options.Now().UTC()
	expires := now.Add(lasts)
	if c.session > 0 && now.Add(c.session).Before(expires) {
		expires = now.Add(c.session)
	}
	if !c.sessionEnds.IsZero() && c.sessionEnds.Before(expires) {
		expires = c.sessionEnds
	}
	return s.grant(arn, provider, c, expires.Truncate(time.Second), packed), nil
}

// lasts is how long a session of the role will be.
func (s *sts) lasts(role string, seconds int) (time.Duration, *refusal) {
	longest, set := s.lab.options.MaxDuration[role]
	if !set {
		longest = defaultSeconds * time.Second
	}
	lasts := time.Duration(seconds) * time.Second
	if lasts > longest {
		return 0, invalidValue("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
	}
	return lasts, nil
}

// A member is a part of a request that must be there, and its most characters.
type member struct {
	name string
	most int
}

// checkRequest checks what can be checked without looking into the assertion or token.
func checkRequest(q url.Values, members ...member) (seconds, packed int, no *refusal) {
	for _, p := range members {
		if q.Get(p.name) == "" {
			return 0, 0, constraint("null", p.name, "Member must not be null")
		}
		if len(q.Get(p.name)) > p.most {
			return 0, 0, constraint("...", p.name, fmt.Sprintf("Member must have length less than or equal to %d", p.most))
		}
	}
	if !regexp.MustCompile(`^arn:[^:]+:iam::\d{12}:role/[\w+=,.@/-]+$`).MatchString(q.Get("RoleArn")) {
		return 0, 0, invalidValue(q.Get("RoleArn") + " is invalid")
	}
	seconds = defaultSeconds
	if said := q.Get("DurationSeconds"); said != "" {
		var err error
		if seconds, err = strconv.Atoi(said); err != nil || seconds < minSeconds {
			return 0, 0, constraint(said, "DurationSeconds", fmt.Sprintf("Member must have value greater than or equal to %d", minSeconds))
		}
		if seconds > maxSeconds {
			return 0, 0, constraint(said, "DurationSeconds", fmt.Sprintf("Member must have value less than or equal to %d", maxSeconds))
		}
	}
	packed, no = checkPolicies(q)
	return seconds, packed, no
}

// checkPolicies returns how much of the room for session policies is taken, in percent.
func checkPolicies(q url.Values) (int, *refusal) {
	policy := q.Get("Policy")
	if len(policy) > policyLimit {
		return 0, constraint("...", "Policy", fmt.Sprintf("Member must have length less than or equal to %d", policyLimit))
	}
	if policy != "" && !json.Valid([]byte(policy)) {
		return 0, &refusal{http.StatusBadRequest, "MalformedPolicyDocument", "Syntax errors in policy."}
	}
	count, size := 0, len(policy)
	for name, v := range q {
		if strings.HasPrefix(name, "PolicyArns.member.") {
			count++
			size += len(v[0])
		}
	}
	if count > policyARNs {
		return 0, constraint("...", "PolicyArns", fmt.Sprintf("Member must have length less than or equal to %d", policyARNs))
	}
	packed := (size*100 + policyLimit - 1) / policyLimit
	if packed > 100 {
		return 0, &refusal{http.StatusBadRequest, "PackedPolicyTooLarge",
			fmt.Sprintf("Packed policy consumes %d%% of allotted space, please use smaller policy.", packed)}
	}
	return packed, nil
}

// issue gives credentials out.
func (s *sts) issue(arn, session string, expires time.Time) (assumedUser, keys) {
	parts := strings.SplitN(arn, ":", 6)
	partition, account := parts[1], parts[4]
	name := arn[strings.LastIndex(arn, "/")+1:]
	g := grant{
		arn:     fmt.Sprintf("arn:%s:sts::%s:assumed-role/%s/%s", partition, account, name, session),
		id:      "AROA" + rand.Text()[:17] + ":" + session,
		account: account, token: random(300), expires: expires,
	}
	key := "ASIA" + rand.Text()[:16]
	s.mu.Lock()
	s.issued[key] = g
	s.mu.Unlock()
	return assumedUser{ID: g.id, ARN: g.arn}, keys{ID: key, Secret: random(30), Token: g.token, Expires: g.expires.Format(time.RFC3339)}
}

func (s *sts) grant(arn, provider string, c *claims, expires time.Time, packed int) any {
	user, given := s.issue(arn, c.sessionName, expires)
	account := strings.SplitN(arn, ":", 6)[4]
	qualifier := sha1.Sum([]byte(c.issuer + account + "/" + provider[strings.LastIndex(provider, "/")+1:]))
	return assumeRoleResponse(assumed{
		User:             user,
		Keys:             given,
		Subject:          c.subject,
		SubjectType:      c.format,
		Issuer:           c.issuer,
		Audience:         c.audience,
		NameQualifier:    base64.StdEncoding.EncodeToString(qualifier[:]),
		PackedPolicySize: packed,
	})
}

// callerIdentity knows callers by access key and session token alone: signatures are not what the lab is for.
func (s *sts) callerIdentity(h http.Header) (any, *refusal) {
	_, rest, ok := strings.Cut(h.Get("Authorization"), "Credential=")
	if !ok {
		return nil, &refusal{http.StatusForbidden, "MissingAuthenticationToken", "Request is missing Authentication Token"}
	}
	key, _, _ := strings.Cut(rest, "/")
	s.mu.Lock()
	g, ok := s.issued[key]
	s.mu.Unlock()
	if !ok || h.Get("X-Amz-Security-Token") != g.token {
		return nil, &refusal{http.StatusForbidden, "InvalidClientTokenId", "The security token included in the request is invalid."}
	}
	if !s.lab.options.Now().Before(g.expires) {
		return nil, &refusal{http.StatusForbidden, "ExpiredToken", "The security token included in the request is expired"}
	}
	return callerIdentityResponse(g), nil
}

func invalidValue(message string) *refusal {
	return &refusal{http.StatusBadRequest, "ValidationError", message}
}

func constraint(value, name, rule string) *refusal {
	if value != "null" {
		value = "'" + value + "'"
	}
	member := strings.ToLower(name[:1]) + name[1:]
	if name == "SAMLAssertion" {
		member = "sAMLAssertion" // AWS spells it so
	}
	return invalidValue(fmt.Sprintf("1 validation error detected: Value %s at '%s' failed to satisfy constraint: %s", value, member, rule))
}

func random(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails
	return base64.StdEncoding.EncodeToString(b)
}

// accountOf returns the account of an ARN, in which a role's trust looks for the provider.
func accountOf(arn string) string { return strings.Split(arn+"::::", ":")[4] }
