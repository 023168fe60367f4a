package wine

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestPublicInterface compiles programs with the public header, from C++ and from
// C, and lets them look at every method and property of the filter.
func TestPublicInterface(t *testing.T) {
	onEachAtOnce(t, func(t *testing.T, m *Machine) {
		ctx := bounded(t)
		require.NoError(t, m.Compile(ctx, "abi.exe", "checker/abi.cpp", "checker/abicodec.cpp", "checker/abilibrary.cpp", "checker/abioptions.cpp"))
		require.NoError(t, m.Compile(ctx, "abi_c.exe", "-std=c99", "-pedantic", "checker/abi_c.c"))
		out, code, err := m.Run(ctx, "abi.exe")
		require.NoError(t, err, out)
		judge(t, out, code, 201, 202, 203, 204, 205, 206, 207, 208, 209, 210, 211, 212, 213, 214, 215, 216, 217, 218)
		out, code, err = m.Run(ctx, "abi_c.exe")
		require.NoError(t, err, out)
		require.Zero(t, code, out)
	})
}
