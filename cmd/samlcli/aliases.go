package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/samlcli/samlcli/aws"
	"github.com/samlcli/samlcli/idp/web"
	"github.com/samlcli/samlcli/internal/store"
	"github.com/samlcli/samlcli/saml"
)

// aliases returns what the accounts of roles are called, by their numbers: as the config says, else as AWS's sign-in page lists
// them for the response, else as IAM says where the roles may ask it. Names are a comfort: an account without one is nobody's
// mistake.
func (s *settings) aliases(ctx context.Context, l *responses, r *saml.Response, roles []saml.Role) map[string]string {
	names := s.knownAliases()
	if roles = unnamed(roles, names); len(roles) == 0 || s.path("assertion") != "" {
		return names
	}
	found, err := s.signInPage(ctx, r)
	if err == nil { // it lists all accounts: one without a name has none
		for _, role := range unnamed(r.Roles, names) {
			names[role.Account()] = found[role.Account()]
		}
	} else {
		s.log.detail("the accounts' names: %v", err)
		s.askIAM(ctx, l, roles, names)
	}
	s.writeAliases(names)
	return names
}

// knownAliases are those of the config, and what was found lately. Nobody is asked.
func (s *settings) knownAliases() map[string]string {
	names := s.readAliases()
	maps.Copy(names, s.config.Alias)
	return names
}

// unnamed returns a role of each account of which nothing is known.
func unnamed(roles []saml.Role, names map[string]string) []saml.Role {
	seen := map[string]bool{}
	return slices.DeleteFunc(slices.Clone(roles), func(role saml.Role) bool {
		_, known := names[role.Account()]
		known = known || seen[role.Account()]
		seen[role.Account()] = true
		return known
	})
}

// askIAM asks each role for its account's alias. The roles' credentials are cached, so that what comes next has them already.
// Who has another STS than AWS's has another IAM too.
func (s *settings) askIAM(ctx context.Context, l *responses, roles []saml.Role, names map[string]string) {
	exchange, err := s.exchange()
	endpoint := s.env("AWS_ENDPOINT_URL_IAM")
	if err != nil || exchange.Endpoint != "" && endpoint == "" || s.cacheFile("") == "" {
		return
	}
	var mu sync.Mutex
	var wg sync.WaitGroup
	places := make(chan struct{}, 16)
	for _, role := range roles {
		wg.Go(func() {
			places <- struct{}{}
			defer func() { <-places }()
			alias, err := caught(func() (string, error) { return s.aliasOf(ctx, exchange, role, l, endpoint) })
			var refused *aws.RefusedError
			if err != nil {
				s.log.detail("the name of account %s: %v", role.Account(), err)
			}
			if err == nil || errors.As(err, &refused) {
				mu.Lock()
				names[role.Account()] = alias
				mu.Unlock()
			}
		})
	}
	wg.Wait()
}

func (s *settings) aliasOf(ctx context.Context, exchange *aws.Exchange, role saml.Role, l *responses, endpoint string) (string, error) {
	credentials, err := s.roleCredentials(ctx, exchange, role, l)
	if err != nil || (saml.Role{ARN: credentials.Role}).Account() != role.Account() { // a chain leads elsewhere
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	return exchange.Alias(ctx, credentials, endpoint)
}

// aliasesLast is how long the names of AWS's page count.
const aliasesLast = 7 * 24 * time.Hour

type keptAliases struct {
	Found time.Time         `json:"found"`
	Names map[string]string `json:"names"`
}

func (s *settings) readAliases() map[string]string {
	var kept keptAliases
	data, err := store.Read(s.cacheFile(filepath.Join("aliases", s.accountKey())))
	if err != nil || json.Unmarshal(data, &kept) != nil || kept.Names == nil || !s.within(aliasesLast, kept.Found) {
		return map[string]string{}
	}
	return kept.Names
}

func (s *settings) writeAliases(names map[string]string) {
	path := s.cacheFile(filepath.Join("aliases", s.accountKey()))
	if path == "" {
		return
	}
	data, _ := json.Marshal(keptAliases{s.now(), names}) // strings and times always encode
	if err := store.Keep(path, data); err != nil {
		s.unkept("the accounts' names are not cached", err)
	}
}

// signInPage posts the response to AWS's sign-in page, as a browser would, and reads the accounts' names from its list of
// roles. That uses nothing up: STS takes the response all the same.
func (s *settings) signInPage(ctx context.Context, r *saml.Response) (map[string]string, error) {
	host := aws.SignInHost(r.Roles[0].Partition())
	if host == "" {
		return nil, fmt.Errorf("no sign-in page of partition %s is known", r.Roles[0].Partition())
	}
	transport, err := s.connections()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	page, err := s.browser(transport, nil).Fetch(ctx, web.PostForm("https://"+host+"/saml", url.Values{"SAMLResponse": {r.Encoded}, "RelayState": {""}}))
	if err != nil {
		return nil, err
	}
	if page.Status != 200 {
		return nil, fmt.Errorf("%s answers with status %d", host, page.Status)
	}
	return accountNames(page), nil
}

// accountNames reads both layouts of the page: headings, and the JSON that the newer one's script lists.
func accountNames(page *web.Page) map[string]string {
	names := map[string]string{}
	headings := page.Find(".saml-account-name")
	for i := range headings.Length() {
		addName(names, headings.Eq(i).Text())
	}
	var data struct {
		Accounts map[string]any `json:"roles_accounts"`
	}
	text, err := base64.StdEncoding.DecodeString(page.Find("meta[name=data]").AttrOr("content", ""))
	if err == nil && json.Unmarshal(text, &data) == nil {
		for heading := range data.Accounts {
			addName(names, heading)
		}
	}
	return names
}

// addName reads a heading: "Account: name (123456789012)", the first word being the layout's.
func addName(names map[string]string, heading string) {
	name, rest, found := strings.Cut(strings.TrimSpace(heading), " (")
	account, _, closed := strings.Cut(rest, ")")
	if _, after, prefixed := strings.Cut(name, ": "); prefixed {
		name = after
	}
	if found && closed && len(account) == 12 && strings.Trim(account, "0123456789") == "" {
		names[account] = strings.TrimSpace(name)
	}
}
