package main

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/samlcli/samlcli/aws"
	"github.com/samlcli/samlcli/aws/sink"
	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/internal/secret"
	"github.com/samlcli/samlcli/internal/store"
	"github.com/samlcli/samlcli/saml"
)

// credentialFiles is the aws.Store of small files, one a role: on the first line what a credential_process answers, ready
// to be handed on, on the second what else is known.
type credentialFiles struct{ s *settings }

type known struct {
	Role        string `json:"role"`
	AssumedRole string `json:"assumed_role"`
	Region      string `json:"region"`
	Subject     string `json:"subject,omitempty"`
	Provider    string `json:"provider,omitempty"`
	Audience    string `json:"audience,omitempty"`
}

func (f credentialFiles) Get(key string) (c aws.Credentials, ok bool) {
	return keptCredentials(f.s.credentialFile(key))
}

func keptCredentials(path string) (c aws.Credentials, ok bool) {
	data, err := store.Kept(path)
	if err != nil {
		return c, false // mostly: there is none
	}
	return readCredentials(data)
}

// readCredentials reads such a file; a damaged one holds nothing.
func readCredentials(data []byte) (c aws.Credentials, ok bool) {
	var answer struct {
		AccessKeyId, SecretAccessKey, SessionToken string
		Expiration                                 time.Time
	}
	var more known
	first, second, _ := bytes.Cut(data, []byte{'\n'})
	if json.Unmarshal(first, &answer) != nil || json.Unmarshal(second, &more) != nil {
		return c, false
	}
	return aws.Credentials{
		AccessKeyID: answer.AccessKeyId, SecretAccessKey: secret.New(answer.SecretAccessKey), SessionToken: secret.New(answer.SessionToken),
		Expires: answer.Expiration, Role: more.Role, AssumedRole: more.AssumedRole, Region: more.Region,
		WebIdentity: aws.WebIdentity{Subject: more.Subject, Provider: more.Provider, Audience: more.Audience},
	}, answer.AccessKeyId != "" && answer.SecretAccessKey != "" && answer.SessionToken != ""
}

func (f credentialFiles) Put(key string, c aws.Credentials) {
	path := f.s.credentialFile(key)
	if path == "" {
		return
	}
	var b bytes.Buffer
	err := (&sink.Process{W: &b}).Write(context.Background(), c)
	if err == nil {
		more, _ := json.Marshal(known{c.Role, c.AssumedRole, c.Region, c.WebIdentity.Subject, c.WebIdentity.Provider, c.WebIdentity.Audience}) // strings always encode
		err = store.Keep(path, append(b.Bytes(), more...))
	}
	if err != nil {
		f.s.unkept("the credentials are not cached", err)
	}
}

func (f credentialFiles) Lock(ctx context.Context, key string) (unlock func(), err error) {
	err = f.s.inTime(ctx, "waiting for another samlcli", func(ctx context.Context) error {
		if unlock, err = f.s.alone(ctx, f.s.credentialFile(key)); err != nil {
			return &idp.StepError{Step: "waiting for another samlcli", Err: err}
		}
		return nil
	})
	return unlock, err
}

// credentialFile is where credentials are kept; "" for those of a response that was brought, of which nothing is.
func (s *settings) credentialFile(key string) string {
	if s.path("assertion") != "" {
		return ""
	}
	return s.cacheFile(filepath.Join("credentials", s.accountKey()+"-"+key))
}

// alone waits until no other samlcli is at what a file stands for. Where locks are not possible it goes on without.
func (s *settings) alone(ctx context.Context, file string) (unlock func(), err error) {
	if file == "" {
		return func() {}, ctx.Err()
	}
	unlock, err = store.Lock(ctx, file)
	if err != nil && ctx.Err() == nil {
		s.log.detail("%v", err)
		return func() {}, nil
	}
	return unlock, err
}

// foundRole returns the role that a request led to the last time, so that nobody has to sign in to learn it.
func (s *settings) foundRole() (saml.Role, bool) {
	patterns := s.list("role")
	if len(patterns) == 1 && strings.Contains(patterns[0], ",arn:") {
		role, err := s.namedRole()
		return role, err == nil
	}
	data, err := store.Kept(s.foundRoleFile())
	if err != nil {
		return saml.Role{}, false // mostly: there is none
	}
	arn, provider, _ := strings.Cut(string(data), "\n")
	role := saml.Role{ARN: arn, Provider: strings.TrimSpace(provider)}
	return role, role.Account() != "" && role.Provider != ""
}

// rememberRole keeps what a request led to.
func (s *settings) rememberRole(role saml.Role) {
	if path := s.foundRoleFile(); path != "" {
		if err := store.Keep(path, []byte(role.ARN+"\n"+role.Provider+"\n")); err != nil {
			s.unkept("the role is not remembered", err)
		}
	}
}

// foundRoleFile is another one where accounts are called otherwise.
func (s *settings) foundRoleFile() string {
	request := s.list("role")
	for _, account := range slices.Sorted(maps.Keys(s.config.Alias)) {
		request = append(request, account, s.config.Alias[account])
	}
	return s.rememberedFile("role-" + digest(request...))
}
