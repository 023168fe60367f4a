package wine

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// What registration writes, in the registry's classes.
const (
	filterKey   = `HKCR\CLSID\{B4FB59C5-983B-4D96-9204-F8B0E46704EE}`
	pageKey     = `HKCR\CLSID\{EFC673DE-E20E-4699-8331-9522C5DF7A6D}`
	categoryKey = `HKCR\CLSID\{083863F1-70DE-11D0-BD40-00A0C911CE86}\Instance\{B4FB59C5-983B-4D96-9204-F8B0E46704EE}`
)

func TestRegistration(t *testing.T) {
	onEach(t, func(t *testing.T, m *Machine) {
		registered(t, m)
		t.Cleanup(func() { succeeds(t, m, "regsvr32", FilterName) }) // the other tests need it

		succeeds(t, m, "regsvr32", FilterName)
		registered(t, m)
		for range 2 {
			succeeds(t, m, "regsvr32", "/u", FilterName)
			unregistered(t, m)
		}
		succeeds(t, m, "regsvr32", FilterName)
		registered(t, m)
	})
}

// registered demands the keys of the filter and of its page.
func registered(t *testing.T, m *Machine) {
	t.Helper()
	for _, key := range []string{filterKey, pageKey} {
		out := succeeds(t, m, "reg", "query", key+`\InprocServer32`)
		require.Contains(t, out, m.WindowsPath(m.Programs())+`\`+FilterName)
		require.Regexp(t, `ThreadingModel\s+REG_SZ\s+Both`, out)
	}
	out := succeeds(t, m, "reg", "query", categoryKey)
	require.Regexp(t, `FriendlyName\s+REG_SZ\s+\S`, out)
	require.Regexp(t, `FilterData\s+REG_BINARY\s+02000000`, out) // its version
}

// unregistered demands that none of the keys is there.
func unregistered(t *testing.T, m *Machine) {
	t.Helper()
	for _, key := range []string{filterKey, pageKey, categoryKey} {
		out, code, err := m.Run(bounded(t), "reg", "query", key)
		require.NoError(t, err)
		require.Equal(t, 1, code, "%s is still there: %s", key, out)
	}
}

func TestLoadTwice(t *testing.T) {
	onEach(t, func(t *testing.T, m *Machine) {
		require.NoError(t, m.Compile(bounded(t), "twice.exe", "programs/twice.c"))
		// In one process, and in two at once.
		first := started(t, m, "twice.exe", FilterName)
		second := started(t, m, "twice.exe", FilterName)
		for _, p := range []*Process{first, second} {
			out, code, err := p.Wait()
			require.NoError(t, err)
			require.Zero(t, code, out)
			require.Equal(t, 4, strings.Count(out, "made\n"), out)
		}
	})
}
