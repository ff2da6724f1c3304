package main

import "github.com/urfave/cli/v2"

// The flags that commands share. Every one of them is also a variable, SAMLCLI_ and its name in capitals, and a key of
// the config, its name with underscores: in the account's section those of signInFlags, in the profile's those of roleFlags.

func commonFlags() []cli.Flag {
	verbose := toggle("verbose", "say each step and each request on stderr, without any value")
	verbose.Aliases = []string{"v"}
	return []cli.Flag{verbose, text("log-format", "`FORMAT` of the lines on stderr: text or json (default: text)")}
}

func signInFlags() []cli.Flag {
	return append([]cli.Flag{
		text("account", "sign in with the [account.`NAME`] of the config"),
		text("source", "get credentials for what `KIND` brings: saml, web-identity for a token of OpenID Connect, or broker (default: saml)"),
		text("idp", "start with the adapter `NAME`; auto leaves it to the pages (default: auto)"),
		text("url", "sign in at `URL`, the provider's link to AWS"),
		text("username", "sign in as `USER`"),
		toggle("password-stdin", "read the password from standard input"),
		text("code", "answer the first question for a one-time code with `CODE`"),
		list("mfa", "prefer second factors in the order of `LIST`: totp,push,sms,call,email,webauthn,question,backup,token"),
		text("target", "also take a SAML response that is for `URL`, beside those for AWS"),
		list("host", "let `HOST` have the password as well as the host of --url (repeatable)"),
		list("set", "give the adapter a setting, `KEY=VALUE`; see samlcli adapters NAME (repeatable)"),
		text("user-agent", "call the browser `TEXT` (default: AWS Sign-in)"),
		text("assertion", "do not sign in: use the SAML response in `FILE`, - for standard input"),
		text("save-assertion", "also write the SAML response to `FILE`, for its owner alone"),
		text("token-file", "do not sign in: use the token in `FILE`, - for standard input"),
		toggle("token-stdin", "do not sign in: read a token from standard input, one line"),
		toggle("device", "sign in for a token with a browser on another machine"),
		text("browser-cmd", "open addresses with `COMMAND`, to which the address is added; run without a shell"),
		toggle("refresh", "take nothing from the cache; the provider's session still counts"),
		text("remember", "keep the provider's session in the `PLACE` keyring, file, or off (default: keyring where one answers, else file)"),
		toggle("no-input", "never ask at the terminal"),
		text("timeout", "give a sign-in, and then AWS, no more than `TIME` (default: 2m)"),
		text("ca-bundle", "trust the certificates in `FILE` as well as the system's"),
		text("client-cert", "show the provider the certificate in `FILE`, with the key in --client-key or beside it"),
		text("client-key", "the key of --client-cert is in `FILE`"),
		toggle("insecure", "take any certificate of the provider's: anybody on the way can read the password; AWS's are verified all the same"),
		text("proxy", "connect through `URL` instead of HTTPS_PROXY"),
	}, commonFlags()...)
}

func roleFlags() []cli.Flag {
	return []cli.Flag{
		text("profile", "get what the [profile.`NAME`] of the config says"),
		list("role", "take `ROLE`: an ARN, name, account/name, or pattern; ROLE-ARN,PROVIDER-ARN for an encrypted response"),
		text("region", "ask STS in `REGION`, and work there"),
		text("duration", "credentials for `TIME`, as in 1h; auto takes what the provider says, else as long as the role allows (default: auto)"),
		toggle("strict", "refuse a --duration that is too long for the role, instead of a shorter one and a warning"),
		text("min-ttl", "cached credentials must last for `TIME` (default: 15m)"),
		list("fallback-region", "ask STS in `REGION` where that of --region cannot be reached (repeatable, in turn)"),
		toggle("fips", "ask STS at its FIPS endpoint"),
		toggle("dual-stack", "ask STS at its dual-stack endpoint, which answers by IPv6 too"),
		text("sts-endpoint", "ask STS at `URL` instead of the region's own address"),
		text("policy", "narrow the session by the policy in `FILE`"),
		list("policy-arn", "narrow the session by the managed policy `ARN` (repeatable)"),
		toggle("read-only", "narrow the session by AWS's ReadOnlyAccess"),
	}
}

func outputFlag() cli.Flag { return text("output", "print `FORMAT`: text or json (default: text)") }

func text(name, usage string) *cli.StringFlag { return &cli.StringFlag{Name: name, Usage: usage} }

func list(name, usage string) *cli.StringSliceFlag {
	return &cli.StringSliceFlag{Name: name, Usage: usage}
}

func toggle(name, usage string) *cli.BoolFlag {
	return &cli.BoolFlag{Name: name, Usage: usage, DisableDefaultText: true}
}
