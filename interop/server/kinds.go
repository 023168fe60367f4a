package server

import (
	"context"
	"fmt"
	"os/exec"
	"slices"
)

// Kind is a server that can be started.
type Kind struct {
	Name string
	// Missing tells which tool is not installed; nil when nothing is missing.
	Missing func() error
	// Launch starts the server; its files go to the folder dir.
	Launch func(ctx context.Context, dir string) (Server, error)
}

// Kinds returns all servers.
func Kinds() []Kind {
	return []Kind{
		{"nginx", HasNginx, Nginx},
		{"ffmpeg", Installed("ffmpeg"), FFmpeg},
		{"lal", Installed("go"), Lal},
		{"inprocess", Installed(), Inprocess},
	}
}

// ByName returns the servers with these names, in the names' order.
func ByName(names ...string) ([]Kind, error) {
	var found []Kind
	for _, name := range names {
		i := slices.IndexFunc(Kinds(), func(k Kind) bool { return k.Name == name })
		if i < 0 {
			return nil, fmt.Errorf("no server is called %s", name)
		}
		found = append(found, Kinds()[i])
	}
	return found, nil
}

// Installed looks for programs.
func Installed(programs ...string) func() error {
	return func() error {
		for _, program := range programs {
			if _, err := exec.LookPath(program); err != nil {
				return err
			}
		}
		return nil
	}
}
