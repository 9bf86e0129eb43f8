import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.codelibs.opensearch.runner.OpenSearchRunner;

/**
 * One OpenSearch node as a process, which a test can kill as a machine dies.
 *
 * <p>{@code java -cp 'jars/*' ClusterNode.java FOLDER PORT NUMBER COUNT}: the node of that number among COUNT, its data
 * in FOLDER/NUMBER, HTTP on 127.0.0.1:PORT+NUMBER, its peers on the ports a hundred above.
 */
public class ClusterNode {
    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        int port = Integer.parseInt(args[1]);
        int number = Integer.parseInt(args[2]);
        int count = Integer.parseInt(args[3]);
        List<String> names = new ArrayList<>();
        List<String> peers = new ArrayList<>();
        for (int peer = 1; peer <= count; peer++) {
            names.add("node-" + peer);
            peers.add("127.0.0.1:" + (port + 100 + peer));
        }
        OpenSearchRunner node = new OpenSearchRunner();
        node.onBuild((ignored, settings) -> {
            settings.put("node.name", "node-" + number);
            settings.put("network.host", "127.0.0.1");
            settings.put("http.port", port + number);
            settings.put("transport.port", port + 100 + number);
            settings.put("discovery.type", "zen");
            settings.putList("discovery.seed_hosts", peers);
            settings.putList("cluster.initial_cluster_manager_nodes", names);
            // a mistyped index must be an error, not a new index
            settings.put("action.auto_create_index", false);
            // a developer's disk is fuller than a server's
            settings.put("cluster.routing.allocation.disk.threshold_enabled", false);
        });
        node.build(OpenSearchRunner.newConfigs()
                .clusterName("onrecord-tests-" + port)
                .basePath(folder.resolve(String.valueOf(number)).toString())
                .numOfNode(1));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                node.close();
            } catch (Exception cause) {
                cause.printStackTrace();
            }
        }));
        new CountDownLatch(1).await();
    }
}
