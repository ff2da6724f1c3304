package pages

import (
	"fmt"
	"strings"
)

func powershell(tree []place) string {
	var b strings.Builder
	b.WriteString(`# Completion of samlcli for PowerShell. Dot-source it in $PROFILE.
Register-ArgumentCompleter -Native -CommandName samlcli -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $choices = @{
`)
	for _, at := range tree {
		fmt.Fprintf(&b, "        '%s' = '%s'\n", at.path, strings.Join(at.words(), " "))
	}
	b.WriteString("    }\n    # Where nothing is known, nothing is answered, and PowerShell offers files.\n    $values = @{\n")
	for _, f := range valued(tree) {
		if f.kind() != aName {
			fmt.Fprintf(&b, "        '--%s' = '%s'\n", f.Name, strings.Join(f.Values, " "))
		}
	}
	b.WriteString(`    }
    function Names($kind) {
        $config = if ($env:SAMLCLI_CONFIG) { $env:SAMLCLI_CONFIG } elseif ($env:AppData) { "$env:AppData\samlcli\config.toml" } else { "$HOME/.config/samlcli/config.toml" }
        Select-String -Path $config -Pattern "^\s*\[$kind\.""?([^]""]+)" -ErrorAction SilentlyContinue | ForEach-Object { $_.Matches[0].Groups[1].Value }
    }
    $words = @($commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { $_.ToString() })
    $command = ''
    foreach ($word in $words | Select-Object -Skip 1) {
        $next = "$command $word".Trim()
        if ($choices.ContainsKey($next)) { $command = $next }
    }
    $previous = $words[-1]
    $found = switch ($previous) {
        '--account' { Names 'account' }
        '--profile' { Names 'profile' }
        default {
            $list = if ($values.ContainsKey($previous)) { $values[$previous] } else { $choices[$command] }
            $list -split ' ' | Where-Object { $_ }
        }
    }
    $found | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
}
`)
	return b.String()
}
