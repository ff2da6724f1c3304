package others

import (
	"slices"
	"strings"

	"github.com/samlcli/samlcli/aws/inifile"
)

// parseINI refuses a file with lines that mean nothing: what they were meant to say would be lost without a word.
func parseINI(data []byte) (*inifile.File, error) {
	file := inifile.Parse(data)
	if line := file.Stray(); line > 0 {
		return nil, &LineError{line, "is no [section], no key = value and no comment"}
	}
	return file, nil
}

// sectionValues returns what a section says.
func sectionValues(file *inifile.File, name string) []value {
	section, _ := file.Section(name)
	var values []value
	for _, p := range section {
		values = append(values, value{Key{"[" + name + "]", p.Key}, p.Value})
	}
	return values
}

// readProfiles reads the profiles of an AWS config file that have keys of a tool: those that begin with its prefix. Of
// the others, which are the AWS CLI's, a tool may share some.
func readProfiles(data []byte, prefix string, shared []string, read func(*draft) Entry) ([]Entry, error) {
	file, err := parseINI(data)
	if err != nil {
		return nil, err
	}
	var entries []Entry
	for _, section := range file.Names() {
		name, isProfile := profileName(section)
		var own, common []value
		for _, v := range sectionValues(file, section) {
			switch {
			case strings.HasPrefix(v.Name, prefix):
				own = append(own, v)
			case slices.Contains(shared, v.Name):
				common = append(common, v)
			}
		}
		if isProfile && len(own) > 0 {
			entries = append(entries, read(newDraft(name, append(own, common...))))
		}
	}
	return entries, nil
}

// profileName returns the name of the profile that a section of an AWS config file is.
func profileName(section string) (string, bool) {
	if section == "default" {
		return section, true
	}
	name, ok := strings.CutPrefix(section, "profile ")
	if n := len(name); n > 1 && (name[0] == '"' || name[0] == '\'') && name[n-1] == name[0] {
		name = name[1 : n-1]
	}
	return name, ok && name != ""
}
