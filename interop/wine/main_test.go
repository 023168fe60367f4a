package wine

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// patience bounds one test program with all that belongs to it.
const patience = time.Minute

func TestMain(m *testing.M) {
	if os.Getenv(ownerRole) != "" {
		ownMachines()
	}
	code := m.Run()
	if err := CloseAll(); err != nil {
		fmt.Println("the machines could not be closed, or left something behind:", err)
		code = 1
	}
	os.Exit(code)
}

// onEach runs a test on the machine of each architecture.
func onEach(t *testing.T, test func(t *testing.T, m *Machine)) {
	t.Helper()
	all, err := Machines()
	require.NoError(t, err)
	for _, m := range all {
		t.Run(m.Arch, func(t *testing.T) { test(t, m) })
	}
}

// bounded is a context for one test program.
func bounded(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeoutCause(context.Background(), patience, fmt.Errorf("it took more than %v", patience))
	t.Cleanup(cancel)
	return ctx
}

// succeeds runs a program that must end with 0 and returns what it printed.
func succeeds(t *testing.T, m *Machine, args ...string) string {
	t.Helper()
	out, code, err := m.Run(bounded(t), args...)
	require.NoError(t, err)
	require.Zero(t, code, "%v: %s", args, out)
	return out
}

// started starts a program that ends with the test at the latest.
func started(t *testing.T, m *Machine, args ...string) *Process {
	t.Helper()
	p, err := m.Start(bounded(t), args...)
	require.NoError(t, err)
	t.Cleanup(p.Kill)
	return p
}
