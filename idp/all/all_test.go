package all_test

import (
	"testing"

	"github.com/samlcli/samlcli/idp/all"
	"github.com/samlcli/samlcli/idp/idptest"
)

func TestRecordedPages(t *testing.T) { idptest.Pages(t, all.Adapters()) }
