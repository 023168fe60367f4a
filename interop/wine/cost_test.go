package wine

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestCost measures what a sample costs in Receive; docs/performance.md has the
// figures of a run (go test -run Cost -v). It judges no time: the machine may be
// busy.
func TestCost(t *testing.T) {
	onEach(t, func(t *testing.T, m *Machine) {
		s := newStage(t)
		program := publishingProgram(t, m, "cost")
		out, code, err := m.Run(bounded(t), program, s.base()+"live+cost")
		require.NoError(t, err)
		t.Log(out)
		judge(t, out, code, 93)
		require.Len(t, said(out, "cost"), 4, "four figures")
	})
}
