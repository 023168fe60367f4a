// publishing.cpp: all programs about publishing as one, and as one unit, since each
// would read the same large headers.
//
//     publishing.exe NAME [URL] [NAME=VALUE…] [NUMBER…]
//     publishing.exe publishfile …    see publishfile.cpp
//
// NAME is that of a file here; what URL and values mean stands there.
#include "parts.cpp"

#include "absent.cpp"
#include "drained.cpp"
#include "eos.cpp"
#include "filesink.cpp"
#include "graph.cpp"
#include "network.cpp"
#include "oddsamples.cpp"
#include "outage.cpp"
#include "publishfile.cpp"
#include "reconnect.cpp"
#include "samples.cpp"
#include "waiting.cpp"

int main(int argc, char **argv)
{
    std::string name = argc > 1 ? argv[1] : "";
    argv[1] = argv[0];
    if (name == "publishfile")
        return publishfile::run(argc - 1, argv + 1);
    argc = splitArguments(argc - 1, argv + 1);
    for (const Program *p = Program::first; p; p = p->next)
        if (name == p->name)
            return runSections(p->name, p->sections, p->count, argc, argv + 1);
    fprintf(stderr, "no program named %s\n", name.c_str());
    return 1;
}
