package wine

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// pageProgram checks the property page.
const pageProgram = "page.exe"

// TestPropertyPage runs the checks of the property page, and shows it: where
// RTMPWRITER_PICTURES names a folder, the pictures of the documentation go there.
func TestPropertyPage(t *testing.T) {
	folder := os.Getenv("RTMPWRITER_PICTURES")
	if folder == "" {
		folder = t.TempDir()
	}
	onEach(t, func(t *testing.T, m *Machine) {
		s := newStage(t)
		require.NoError(t, m.Compile(bounded(t), pageProgram, "checker/page.cpp"))
		out, code, err := m.Run(bounded(t), pageProgram, s.base())
		require.NoError(t, err)
		judge(t, out, code, 111, 112, 113, 114, 115, 116, 117, 118, 119, 7)
		for _, picture := range []string{"frame", "shot", "wrong"} {
			p := started(t, m, pageProgram, s.base(), picture)
			_, err := p.WaitLine(bounded(t), "shot-now")
			require.NoError(t, err)
			require.NoError(t, m.Screenshot(bounded(t), filepath.Join(folder, "page-"+picture+"-"+m.Arch+".png")))
			out, code, err := p.Wait()
			require.NoError(t, err)
			judge(t, out, code)
		}
	})
}
