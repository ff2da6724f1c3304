package idp

import "github.com/samlcli/samlcli/idp/web"

// Recognise names everything that would be done with a page, one name but for a mistake in the adapters: "end", "relay",
// or the steps that the page suits.
func Recognise(page *web.Page, adapters []Adapter) []string {
	w := &walk{s: &Session{}}
	if _, done, err := w.end(page); done || err != nil {
		return []string{"end"}
	}
	if samlRelay(page) != nil {
		return []string{"relay"}
	}
	if names := suits(page, adapters, false); len(names) > 0 {
		return names
	}
	if relay(page) != nil {
		return []string{"relay"}
	}
	return suits(page, adapters, true)
}

func suits(page *web.Page, adapters []Adapter, generic bool) []string {
	var names []string
	for _, adapter := range adapters {
		if adapter.Generic != generic {
			continue
		}
		for _, step := range adapter.Steps {
			if step.On(page) {
				names = append(names, step.Name)
			}
		}
	}
	return names
}

func find(adapters []Adapter, page *web.Page, generic bool) (Step, Adapter, bool) {
	for _, adapter := range adapters {
		if adapter.Generic != generic {
			continue
		}
		for _, step := range adapter.Steps {
			if step.On(page) {
				return step, adapter, true
			}
		}
	}
	return Step{}, Adapter{}, false
}
