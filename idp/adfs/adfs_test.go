package adfs_test

import (
	"testing"

	"github.com/samlcli/samlcli/idp/adfs"
	"github.com/samlcli/samlcli/idp/all"
	"github.com/samlcli/samlcli/idp/idptest"
)

func TestADFS(t *testing.T) {
	t.Parallel()
	idptest.Run(t, adfs.New(), all.Adapters())
}
