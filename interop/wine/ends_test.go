package wine

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// ownerRole in the environment makes this program one that has machines and does
// not end by itself.
const ownerRole = "RTMPWRITER_WINE_OWNER"

// ownMachines makes machines, prints "machine FOLDER ROOT" for each, and waits.
func ownMachines() {
	all, err := Machines()
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	for _, m := range all {
		fmt.Println("machine", m.dir, m.root)
	}
	select {}
}

// Nothing is left of the machines of a process that was killed.
func TestKilledOwner(t *testing.T) {
	_, err := Machines() // what takes long the first time on a computer is done then
	require.NoError(t, err)
	self, err := os.Executable()
	require.NoError(t, err)
	owner := exec.CommandContext(bounded(t), self)
	owner.Env = append(os.Environ(), ownerRole+"=yes")
	said, err := owner.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, owner.Start())

	var machines []*Machine
	lines := bufio.NewScanner(said)
	for len(machines) < len(architectures) && lines.Scan() {
		fields := strings.Split(lines.Text(), " ")
		require.Len(t, fields, 3, lines.Text())
		machines = append(machines, &Machine{dir: fields[1], root: fields[2]})
	}
	require.Len(t, machines, len(architectures))
	for _, m := range machines {
		require.ErrorContains(t, m.left(), "wineserver")
	}

	require.NoError(t, owner.Process.Kill())
	require.Error(t, owner.Wait())
	for _, m := range machines {
		require.EventuallyWithT(t, func(c *assert.CollectT) { assert.NoError(c, m.left()) }, closeBound, 10*lookEvery)
	}
}
